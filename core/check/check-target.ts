import type { DomainReading } from "../ports/target-facts.ts";
import { checkDomain } from "./check-domain.ts";
import { type CheckFinding, judgeAs } from "./check-finding.ts";
import type { DeclaredStack } from "./declared-stack.ts";
import { type Fact, judgeFact } from "./fact.ts";

/** What was read of a target; each part only where the target has it. */
export interface TargetReading {
  readonly domain?: Fact<DomainReading>;
  readonly secret?: Fact<{ readonly deleting: boolean }>;
}

/** What the search target must be. A domain that the stack makes needs nothing beforehand. */
export function checkTarget(stack: DeclaredStack, reading: TargetReading): readonly CheckFinding[] {
  const { target } = stack;
  if (target === undefined || target.kind === "created") return [];
  if (target.kind === "domain") {
    return reading.domain === undefined ? [] : checkDomain(stack, target, reading.domain);
  }
  if (target.kind === "collection") return [checkCollection(), checkReach(target.endpoint, stack)];
  return [checkReach(target.url, stack), ...checkSecret(target, reading.secret)];
}

/** Whoever checks stands elsewhere than the functions do. */
function checkReach(url: string, { network }: DeclaredStack): CheckFinding {
  const from = network === undefined ? "the functions, outside any VPC" : `the subnets of ${network.vpcId}`;
  return judgeAs("target-reachable", "target.url").unknown(
    `whether ${from} reach ${url} cannot be seen from here`,
    "see that its security group and routes let them in on the port",
  );
}

/** Only the collection itself can show what it does, and only index-lifecycle is let in. */
function checkCollection(): CheckFinding {
  return judgeAs("collection-capable", "target.collection").unknown(
    "whether the collection can hold a generation is tried before its first index is made",
    "see docs/targets.md for what is tried, and what is known of Serverless",
  );
}

function checkSecret(
  { secretArn, secretForm }: { readonly secretArn: string | undefined; readonly secretForm?: string },
  secret: TargetReading["secret"],
): readonly CheckFinding[] {
  if (secretArn === undefined || secret === undefined) return [];
  return [
    judgeFact("secret-exists", "target.authentication.secretArn", secret, {
      known: ({ deleting }, judge) =>
        deleting
          ? judge.failed(
              "the secret is being deleted",
              `aws secretsmanager restore-secret --secret-id ${secretArn}`,
            )
          : judge.passed("the secret is there; its value was not read"),
      absent: (judge) =>
        judge.failed(
          `there is no secret ${secretArn}`,
          `store ${secretForm ?? '{"username", "password"}'} in it: aws secretsmanager create-secret --name <name> --secret-string file://<file>`,
        ),
    }),
  ];
}
