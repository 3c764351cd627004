import type { CheckFinding, CheckName, Judge } from "./check-finding.ts";
import { judgeAs } from "./check-finding.ts";

/** Something read from the account, or why it could not be read. */
export type Fact<Value> =
  | { readonly kind: "known"; readonly value: Value }
  /** The account says that there is no such thing. */
  | { readonly kind: "absent" }
  | {
      readonly kind: "unreadable";
      readonly reason: string;
      /** The IAM action that was denied, where that was the reason. */
      readonly permission?: string;
    };

/** The value of a fact; undefined where it is not known. */
export function knownValue<Value>(fact: Fact<Value>): Value | undefined {
  return fact.kind === "known" ? fact.value : undefined;
}

/** What follows of a fact. */
export interface FactRules<Value> {
  readonly known: (value: Value, judge: Judge) => CheckFinding;
  readonly absent: (judge: Judge) => CheckFinding;
}

/** Judges a fact; one that could not be read is unknown, with the permission to be given. */
export function judgeFact<Value>(
  check: CheckName,
  subject: string,
  fact: Fact<Value>,
  rules: FactRules<Value>,
): CheckFinding {
  const judge = judgeAs(check, subject);
  switch (fact.kind) {
    case "known":
      return rules.known(fact.value, judge);
    case "absent":
      return rules.absent(judge);
    case "unreadable":
      return judge.unknown(`could not be read: ${fact.reason}`, toAdvice(fact.permission));
  }
}

function toAdvice(permission: string | undefined): string {
  if (permission === undefined) return "correct what the reason says, then run `trueup check` again";
  return `allow ${permission} to whoever runs \`trueup check\``;
}
