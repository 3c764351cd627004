/** What a column of PostgreSQL holds, as far as it matters to how its values are written. */
export type SqlType =
  | { readonly kind: ScalarKind }
  /** Bits; `length` is absent where it varies. One bit alone is a boolean. */
  | { readonly kind: "bits"; readonly length?: number }
  | { readonly kind: "array"; readonly element: SqlType };

type ScalarKind =
  | "boolean"
  /** Integers and `numeric`: every digit counts. */
  | "number"
  /** `real` and `double precision`: what is written is the shortest text of the same value. */
  | "float"
  | "double"
  | "money"
  | "text"
  | "json"
  | "hstore"
  | "binary"
  | "date"
  | "time"
  | "timetz"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "tstzrange"
  | "point"
  /** Other shapes: their text. */
  | "geometry"
  /** A type that Debezium does not know: composites, multiranges, what extensions add. Its text. */
  | "opaque";

/** What the catalog says of a column's type, domains and arrays taken apart. */
export interface CatalogType {
  /** `pg_type.typname` of the innermost type. */
  readonly name: string;
  /** `pg_type.typtype`: `b` base, `e` enum, `r` range, `c` composite, `m` multirange, `p` pseudo. */
  readonly class: string;
  /** `pg_attribute.atttypmod`; -1 without one. */
  readonly modifier: number;
  /** How many arrays lie around it. */
  readonly arrays: number;
}

const KINDS: ReadonlyMap<string, ScalarKind> = new Map<string, ScalarKind>([
  ["bool", "boolean"],
  ...names("number", "int2 int4 int8 numeric oid"),
  ["float4", "float"],
  ["float8", "double"],
  ["money", "money"],
  ...names("text", "text varchar bpchar char name citext uuid xml ltree inet cidr macaddr macaddr8 tsvector"),
  ...names("text", "int4range int8range numrange tsrange daterange"),
  ...names("json", "json jsonb"),
  ["hstore", "hstore"],
  ["bytea", "binary"],
  ["date", "date"],
  ["time", "time"],
  ["timetz", "timetz"],
  ["timestamp", "timestamp"],
  ["timestamptz", "timestamptz"],
  ["interval", "interval"],
  ["tstzrange", "tstzrange"],
  ["point", "point"],
  ...names("geometry", "line lseg box path polygon circle"),
]);

function names(kind: ScalarKind, list: string): readonly (readonly [string, ScalarKind])[] {
  return list.split(" ").map((name) => [name, kind] as const);
}

/**
 * Tells a column's type.
 *
 * @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-data-types
 */
export function toSqlType({ name, class: typeClass, modifier, arrays }: CatalogType): SqlType {
  const type = toInnerType(name, typeClass, modifier);
  return arrays === 0 ? type : { kind: "array", element: type };
}

function toInnerType(name: string, typeClass: string, modifier: number): SqlType {
  if (typeClass === "e") return { kind: "text" };
  if (name === "bit") return { kind: "bits", length: Math.max(1, modifier) };
  if (name === "varbit") return { kind: "bits" };
  return { kind: KINDS.get(name) ?? "opaque" };
}
