import { quoteName, quoteTable } from "./names.ts";
import type { SqlColumn } from "./sql-column.ts";

/** A statement with its parameters. */
export interface PageQuery {
  readonly statement: string;
  readonly values: readonly string[];
}

/**
 * Asks for the rows that follow a key, in the order of the primary key, which its index has.
 *
 * @param columns - the table's, those of the key first
 * @param after - the values of the last row's key, as the database wrote them; undefined at the beginning
 */
export function queryPage(
  tableName: string,
  columns: readonly Pick<SqlColumn, "name" | "isKey">[],
  after: readonly string[] | undefined,
  limit: number,
): PageQuery {
  const key = columns.filter(({ isKey }) => isKey).map(({ name }) => quoteName(name));
  const selected = columns.map(({ name }) => quoteName(name)).join(", ");
  const places = key.map((_, place) => `$${place + 1}`).join(", ");
  const where = after === undefined ? "" : ` where (${key.join(", ")}) > (${places})`;
  return {
    statement: `select ${selected} from ${quoteTable(tableName)}${where} order by ${key.join(", ")} limit ${limit}`,
    values: after ?? [],
  };
}

/**
 * How many rows the next page may have, so that a page stays about this big however wide rows are.
 *
 * @param rows - the last page's, and their length in characters
 */
export function nextPageRows({
  rows,
  characters,
}: {
  readonly rows: number;
  readonly characters: number;
}): number {
  if (rows === 0) return FIRST_PAGE_ROWS;
  const fitting = Math.floor(PAGE_CHARACTERS / Math.max(1, characters / rows));
  return Math.min(MOST_PAGE_ROWS, GROWTH * rows, Math.max(1, fitting));
}

export const FIRST_PAGE_ROWS = 50;
const MOST_PAGE_ROWS = 5_000;
const PAGE_CHARACTERS = 4_000_000;
/** Wide rows may follow narrow ones. */
const GROWTH = 8;
