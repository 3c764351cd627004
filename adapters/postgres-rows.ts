import type { AttributeMap } from "../core/attribute-value.ts";
import { SyncError } from "../core/errors.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import { fromText } from "../core/sql/from-text.ts";
import { toKeyText } from "../core/sql/key-text.ts";
import { quoteName, quoteTable } from "../core/sql/names.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";
import type { SqlType } from "../core/sql/sql-type.ts";
import { readColumns } from "./postgres-columns.ts";

const KEYS_A_QUERY = 500;
/** Class of errors about a value: a text that is no number, a number out of its column's range. */
const VALUE_CLASS = "22";

/**
 * Reads rows by key, as records.
 *
 * @param keys - all of the same columns
 * @returns one a key, in the order given; undefined where there is no row
 */
export async function readRows(
  session: Pick<SqlSession, "query">,
  tableName: string,
  keys: readonly AttributeMap[],
): Promise<readonly (AttributeMap | undefined)[]> {
  const columns = await readColumns(session, tableName);
  const names = keys.map((key) => nameKey(toStored(key, columns), key));
  const distinct = [...new Map(keys.map((key, place) => [names[place], key])).values()];
  const found = new Map<string, AttributeMap>();
  for (let start = 0; start < distinct.length; start += KEYS_A_QUERY) {
    const some = distinct.slice(start, start + KEYS_A_QUERY);
    for (const record of await readSome(session, tableName, columns, some)) {
      found.set(nameKey(record, some[0] ?? {}), record);
    }
  }
  return names.map((name) => found.get(name));
}

/**
 * A key whose value no column of its type can hold makes the database refuse the whole query: then each half is asked
 * for alone, and one that is refused alone is no row's.
 */
async function readSome(
  session: Pick<SqlSession, "query">,
  tableName: string,
  columns: readonly SqlColumn[],
  keys: readonly AttributeMap[],
): Promise<readonly AttributeMap[]> {
  try {
    return await select(session, tableName, columns, keys);
  } catch (cause) {
    if (!isRefusedValue(cause)) throw cause;
    if (keys.length === 1) return [];
    const half = Math.ceil(keys.length / 2);
    return [
      ...(await readSome(session, tableName, columns, keys.slice(0, half))),
      ...(await readSome(session, tableName, columns, keys.slice(half))),
    ];
  }
}

async function select(
  { query }: Pick<SqlSession, "query">,
  tableName: string,
  columns: readonly SqlColumn[],
  keys: readonly AttributeMap[],
): Promise<readonly AttributeMap[]> {
  const names = Object.keys(keys[0] ?? {}).sort();
  const keyColumns = names.map((name) => requireColumn(columns, name, tableName));
  const values = keys.flatMap((key) => keyColumns.map(({ name, type }) => toKeyText(key[name], type)));
  const list = keys.map((_, place) => `(${names.map((_name, of) => `$${place * names.length + of + 1}`)})`);
  const selected = columns.map(({ name }) => quoteName(name)).join(", ");
  const rows = await query(
    `select ${selected} from ${quoteTable(tableName)} where (${names.map(quoteName)}) in (${list})`,
    values,
  );
  return rows.map((row) => toRecord(row, columns));
}

/** A key as the table's rows hold it, however it was written: `1.50` of a numeric column is 1.5. */
function toStored(key: AttributeMap, columns: readonly SqlColumn[]): AttributeMap {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => {
      const type = columns.find((column) => column.name === name)?.type ?? { kind: "text" };
      return [name, isSpelledFreely(type) ? fromText(toKeyText(value, type), type) : value];
    }),
  );
}

/** Texts are what they are; numbers and bytes may be written in several ways, or with another tag. */
function isSpelledFreely({ kind }: SqlType): boolean {
  return kind === "number" || kind === "money" || kind === "float" || kind === "double" || kind === "binary";
}

/** A row as a record. @param row - the values of `columns`, in their order */
function toRecord(row: readonly (string | null)[], columns: readonly SqlColumn[]): AttributeMap {
  return Object.fromEntries(
    columns.map(({ name, type }, place) => [name, fromText(row[place] ?? null, type)]),
  );
}

function requireColumn(columns: readonly SqlColumn[], name: string, tableName: string): SqlColumn {
  const column = columns.find((known) => known.name === name);
  if (column !== undefined) return column;
  throw new SyncError("QUERY_REFUSED", "rows were asked for by a column that the table does not have", {
    subject: `${tableName}.${name}`,
    fix: "name the columns of its key as the database spells them",
    retryable: false,
  });
}

function isRefusedValue(cause: unknown): boolean {
  const reason = cause instanceof SyncError && cause.code === "QUERY_REFUSED" ? cause.cause : undefined;
  return reason instanceof Error && "code" in reason && String(reason.code).startsWith(VALUE_CLASS);
}

/** Names a record by the columns of a key, in one order. */
function nameKey(record: AttributeMap, key: AttributeMap): string {
  return JSON.stringify(
    Object.keys(key)
      .sort()
      .map((name) => record[name]),
  );
}
