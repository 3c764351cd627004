import { planAliasDrop } from "../core/alias-move.ts";
import type { IndexAdmin } from "../core/ports/index-admin.ts";
import { readAliasFacts } from "./alias-facts.ts";

/** Takes a table's search alias away from every index this environment made for the table. */
export async function dropAlias(
  deps: { readonly admin: IndexAdmin; readonly environment: string },
  table: string,
): Promise<void> {
  const { indexes } = await readAliasFacts(deps, table);
  const ours = indexes.filter((member) => member.ours).map(({ index }) => index);
  if (ours.length > 0) await deps.admin.changeAliases(planAliasDrop(table, ours));
}
