import { SyncError } from "../errors.ts";

/** A table's schema and its own name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Takes `schema.table` apart; the schema's name has no point in it.
 *
 * @throws SyncError `COMMAND_INVALID` when it is not of two parts (not retryable)
 */
export function parseTableName(tableName: string): TableName {
  const point = tableName.indexOf(".");
  if (point > 0 && point + 1 < tableName.length) {
    return { schema: tableName.slice(0, point), name: tableName.slice(point + 1) };
  }
  throw new SyncError("COMMAND_INVALID", "a table of a database is named without its schema", {
    subject: tableName,
    fix: "write it as schema.table",
    retryable: false,
  });
}

/** A name as it stands in a statement, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table as it stands in a statement. */
export function quoteTable(tableName: string): string {
  const { schema, name } = parseTableName(tableName);
  return `${quoteName(schema)}.${quoteName(name)}`;
}
