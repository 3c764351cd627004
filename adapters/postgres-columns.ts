import { SyncError } from "../core/errors.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import type { TableColumns } from "../core/ports/table-columns.ts";
import { parseTableName } from "../core/sql/names.ts";
import { parseColumns, READ_COLUMNS, READ_IDENTITY } from "../core/sql/read-columns.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";

interface Remembered {
  readonly columns: readonly SqlColumn[];
  readonly tellsOldRows: boolean;
  /** Columns that were asked for and are not there: dropped ones of old events. */
  readonly absent: Set<string>;
}

/** Reads columns from the catalog, once a process and again when one is met that was not there then. */
export function makePostgresColumns(session: Pick<SqlSession, "query">): TableColumns {
  const remembered = new Map<string, Remembered>();
  const remember = async (tableName: string, missing?: string): Promise<Remembered> => {
    const known = remembered.get(tableName);
    if (known !== undefined && (missing === undefined || has(known, missing))) return known;
    const columns = await readColumns(session, tableName);
    const absent = new Set(known?.absent);
    if (missing !== undefined) absent.add(missing);
    const fresh = { columns, tellsOldRows: await readIdentity(session, tableName), absent };
    remembered.set(tableName, fresh);
    return fresh;
  };
  return {
    read: async (tableName, missing) => (await remember(tableName, missing)).columns,
    tellsOldRows: async (tableName) => (await remember(tableName)).tellsOldRows,
  };
}

function has({ columns, absent }: Remembered, name: string): boolean {
  return absent.has(name) || columns.some((column) => column.name === name);
}

/**
 * Reads a table's columns as they are now.
 *
 * @throws SyncError `PREREQUISITE_MISSING` when there is no such table (not retryable)
 */
export async function readColumns(
  { query }: Pick<SqlSession, "query">,
  tableName: string,
): Promise<readonly SqlColumn[]> {
  const { schema, name } = parseTableName(tableName);
  const columns = parseColumns(await query(READ_COLUMNS, [schema, name]));
  if (columns.length > 0) return columns;
  throw new SyncError("PREREQUISITE_MISSING", "the database has no such table", {
    subject: tableName,
    fix: "create it, correct its name, or allow the user to see it",
    retryable: false,
  });
}

async function readIdentity({ query }: Pick<SqlSession, "query">, tableName: string): Promise<boolean> {
  const { schema, name } = parseTableName(tableName);
  const [[isFull] = []] = await query(READ_IDENTITY, [schema, name]);
  return isFull === "t";
}
