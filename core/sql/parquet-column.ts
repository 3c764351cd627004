import type { SqlType } from "./sql-type.ts";

/** A value as Parquet stores it, before its annotation is applied. */
export type ParquetValue = boolean | number | bigint | Uint8Array | null | undefined;

/** One column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  readonly annotation: ParquetAnnotation;
}

/**
 * What a column's primitive values mean.
 *
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export type ParquetAnnotation =
  /** Integers of any width included. */
  | { readonly kind: "none" }
  | { readonly kind: "text" }
  | { readonly kind: "decimal"; readonly scale: number }
  /** A date and time, counted from 1970 in units of which a second has so many. */
  | { readonly kind: "timestamp"; readonly perSecond: bigint }
  | { readonly kind: "other"; readonly name: string };

/**
 * The type of a column that no catalog tells: Aurora MySQL's exports are read so.
 *
 * @param isBytes - the primitive is a byte array
 * @param isBoolean - the primitive is a boolean
 */
export function typeOfParquet(
  { kind }: ParquetAnnotation,
  { isBytes, isBoolean }: { readonly isBytes: boolean; readonly isBoolean: boolean },
): SqlType {
  if (kind === "text") return { kind: "text" };
  if (kind === "timestamp") return { kind: "timestamp" };
  if (kind === "decimal") return { kind: "number" };
  if (isBoolean) return { kind: "boolean" };
  return { kind: isBytes ? "binary" : "number" };
}
