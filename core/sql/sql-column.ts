import type { KeyAttribute, TableKey } from "../attribute-value.ts";
import { SyncError } from "../errors.ts";
import type { SqlType } from "./sql-type.ts";

/** One column of a table that is read. */
export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly isKey: boolean;
}

/**
 * The key of a table, from its columns.
 *
 * @param columns - those of the key first, in the key's order, as `parseColumns` gives them
 * @throws SyncError `PREREQUISITE_MISSING` when there is none, or one that names no document (not retryable)
 */
export function tableKeyOf(columns: readonly SqlColumn[], tableName: string): TableKey {
  const [partitionKey, sortKey, ...furtherKeys] = columns
    .filter(({ isKey }) => isKey)
    .map((column) => toKeyAttribute(column, tableName));
  if (partitionKey === undefined) throw unusable(tableName, "it has no primary key");
  if (sortKey === undefined) return { partitionKey };
  return furtherKeys.length === 0 ? { partitionKey, sortKey } : { partitionKey, sortKey, furtherKeys };
}

function toKeyAttribute({ name, type: { kind } }: SqlColumn, tableName: string): KeyAttribute {
  switch (kind) {
    case "number":
    case "money":
      return { name, type: "N" };
    case "binary":
      return { name, type: "B" };
    case "text":
    case "date":
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
    case "interval":
    case "tstzrange":
      return { name, type: "S" };
    default:
      throw unusable(tableName, `its key has ${name}, a column of type ${kind}`);
  }
}

function unusable(tableName: string, why: string): SyncError {
  return new SyncError("PREREQUISITE_MISSING", "a table's primary key cannot name documents", {
    subject: `${tableName}: ${why}`,
    fix: "give the table a primary key of numbers, texts, times or bytes",
    retryable: false,
  });
}
