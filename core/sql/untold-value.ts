import type { ExactJson } from "../plain-fingerprint.ts";
import type { SqlType } from "./sql-type.ts";

const PLACEHOLDER = "__debezium_unavailable_value";
const ENCODED = Buffer.from(PLACEHOLDER).toString("base64");
/** The connector makes a UUID of the placeholder for arrays of them. */
const PLACEHOLDER_UUID = "b68a35a7-17ad-35b3-af2a-ae46edb4545a";
const PLACEHOLDER_CODES = [...PLACEHOLDER].map((letter) => letter.charCodeAt(0)).join(",");
/** Where a connector writes null for a value that it does not know; seen with Debezium 3.3. */
const SILENT: ReadonlySet<SqlType["kind"]> = new Set(["binary", "bits", "array", "geometry", "opaque"]);

/**
 * Whether an event does not tell a column's value: it is large and the change did not touch it, or it is an array of
 * several dimensions, which come as nulls. A row that truly holds such a value is read again for nothing.
 *
 * @param mayBeSilent - the event is of an update whose whole row is not in the log: then a null may mean that too
 * @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-toasted-values
 */
export function isUntold(value: ExactJson, { kind }: SqlType, mayBeSilent: boolean): boolean {
  if (value === null) return mayBeSilent && SILENT.has(kind);
  if (typeof value === "string") {
    return (
      value === PLACEHOLDER || value === ENCODED || (kind === "hstore" && value.includes(`"${PLACEHOLDER}":`))
    );
  }
  return isList(value) && value.length > 0 && isUntoldList(value);
}

function isUntoldList(values: readonly ExactJson[]): boolean {
  const [first] = values;
  if (first === PLACEHOLDER || first === PLACEHOLDER_UUID) return values.length === 1;
  if (first === null) return values.every((value) => value === null);
  return values.length === PLACEHOLDER.length && values.join(",") === PLACEHOLDER_CODES;
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}
