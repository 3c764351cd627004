import type { StackReading } from "./check-stack.ts";
import type { DeclaredStack } from "./declared-stack.ts";
import type { Fact } from "./fact.ts";

/**
 * Why nothing at all could be read of the account: no credentials, no network, a wrong region. A denial is not among
 * them, it says what to allow.
 *
 * @returns undefined where something was read, or nothing was asked
 */
export function findUnreadReason(
  { target, network, tables }: StackReading,
  declared: Pick<DeclaredStack, "tables">,
): string | undefined {
  // A table that is to be made was not asked about: that it is absent was not read anywhere.
  const asked = declared.tables.filter(({ source }) => source.kind === "existing");
  const facts: readonly (Fact<unknown> | undefined)[] = [
    target.domain,
    target.secret,
    network?.subnets,
    ...asked.map(({ table }) => tables.get(table)?.source.table),
  ];
  const reasons = facts.filter((fact) => fact !== undefined).map(toReason);
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function toReason(fact: Fact<unknown>): string | undefined {
  return fact.kind === "unreadable" && fact.permission === undefined ? fact.reason : undefined;
}
