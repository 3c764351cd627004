import type { StackReading } from "./check-stack.ts";
import type { Fact } from "./fact.ts";

/**
 * Why nothing at all could be read of the account: no credentials, no network, a wrong region. A denial is not among
 * them, it says what to allow.
 *
 * @returns undefined where something was read, or nothing was asked
 */
export function findUnreadReason({ target, network, tables }: StackReading): string | undefined {
  const facts: readonly (Fact<unknown> | undefined)[] = [
    target.domain,
    target.secret,
    network?.subnets,
    ...[...tables.values()].map(({ source }) => source.table),
  ];
  const reasons = facts.filter((fact) => fact !== undefined).map(toReason);
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function toReason(fact: Fact<unknown>): string | undefined {
  return fact.kind === "unreadable" && fact.permission === undefined ? fact.reason : undefined;
}
