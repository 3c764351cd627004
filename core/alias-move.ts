import type { Takeover } from "./adoption.ts";
import { toAliasFilter } from "./index-definition.ts";
import type { AliasAction } from "./ports/index-admin.ts";
import type { AliasMember } from "./table-control.ts";

/**
 * The changes that point a search alias at one index and nothing else, to be made in one step.
 *
 * No search fails or finds less through a move. Only where an adopted index of the alias's own name is
 * deleted can a search that is inside it at that instant fail, once, with 503.
 *
 * @param members - what the alias points at now
 * @param takeover - what adoption allows to be taken away
 */
export function planAliasMove(
  alias: string,
  index: string,
  members: readonly AliasMember[],
  takeover: Takeover,
): readonly AliasAction[] {
  const left = members.filter((member) => member.index !== index);
  return [
    ...(takeover.kind === "index" ? [{ kind: "delete-index" as const, index: takeover.index }] : []),
    ...left.map((member) => ({ kind: "remove" as const, index: member.index, alias })),
    { kind: "add", index, alias, options: { filter: toAliasFilter() } },
  ];
}

/** The changes that give an alias back to the indexes it was adopted from. */
export function planAliasReturn(
  alias: string,
  members: readonly AliasMember[],
  adopted: readonly AliasMember[],
): readonly AliasAction[] {
  const back = new Set(adopted.map(({ index }) => index));
  const left = members.filter(({ index }) => !back.has(index));
  return [
    ...left.map(({ index }) => ({ kind: "remove" as const, index, alias })),
    ...adopted.map(({ index, options }) => ({
      kind: "add" as const,
      index,
      alias,
      options: JSON.parse(options),
    })),
  ];
}

/** The changes that drop an alias from indexes of ours. */
export function planAliasDrop(alias: string, indexes: readonly string[]): readonly AliasAction[] {
  return indexes.map((index) => ({ kind: "remove" as const, index, alias }));
}
