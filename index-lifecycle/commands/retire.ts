import { retireTable } from "../../core/generation.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { TableStatus } from "../../core/table-status.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { dropAlias } from "../search-alias.ts";
import { readStatus } from "./read-status.ts";

/** Drops a table's alias for good, so that its generations can be removed. Searches of it fail from here on. */
export async function retire(deps: LifecycleDeps, table: TableDescriptor): Promise<TableStatus> {
  await deps.control.update(table.table, retireTable);
  await dropAlias(deps, table.alias);
  await deps.announcer.announce({
    subject: `Trueup: ${table.table} is retired`,
    detail: { table: table.table },
  });
  return readStatus(deps, table);
}
