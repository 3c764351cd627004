import { SyncError } from "../core/errors.ts";
import type { EnvironmentDescriptor, TableDescriptor } from "../core/table-descriptor.ts";

/** @throws SyncError `TABLE_UNKNOWN` naming the tables there are (not retryable) */
export function findTable({ tables, environment }: EnvironmentDescriptor, name: string): TableDescriptor {
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table !== undefined) return table;
  throw new SyncError("TABLE_UNKNOWN", "the stack has no such table", {
    subject: `${name} in ${environment}`,
    fix: `name one of: ${Object.keys(tables).join(", ") || "(it has none)"}`,
    retryable: false,
  });
}
