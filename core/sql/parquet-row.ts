import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { SyncError } from "../errors.ts";
import { fromParquet } from "./from-parquet.ts";
import type { ParquetColumn, ParquetValue } from "./parquet-column.ts";
import type { SqlColumn } from "./sql-column.ts";

/** A column of a file with the type that the catalog gives it. */
export interface ReadColumn {
  readonly place: number;
  readonly name: string;
  readonly read: (value: ParquetValue) => AttributeValue;
}

/**
 * Finds each column of a table in a file. What only the file has, such as generated columns, is left out: the log does
 * not carry it either.
 *
 * @throws SyncError `EXPORT_FAILED` when the file lacks a column, or stores one in a way that is not known (not retryable)
 */
export function matchColumns(
  columns: readonly Pick<SqlColumn, "name" | "type">[],
  stored: readonly ParquetColumn[],
): readonly ReadColumn[] {
  return columns.map(({ name, type }) => {
    const place = stored.findIndex((column) => column.name === name);
    const annotation = stored[place]?.annotation;
    if (annotation === undefined) throw unreadable(name, "the export leaves it out");
    if (annotation.kind === "other") throw unreadable(name, `it is stored as ${annotation.name}`);
    return { place, name, read: (value) => fromParquet(value, annotation, type) };
  });
}

/** The record in one row of a file, by the places of its columns. */
export function readParquetRow(row: readonly ParquetValue[], columns: readonly ReadColumn[]): AttributeMap {
  return Object.fromEntries(columns.map(({ place, name, read }) => [name, read(row[place])]));
}

function unreadable(name: string, why: string): SyncError {
  return new SyncError("EXPORT_FAILED", "a column of the table cannot be read from the cluster's export", {
    subject: `${name}: ${why}`,
    fix: "set the source's `snapshot` to query, or leave the column's type out of the table",
    retryable: false,
  });
}
