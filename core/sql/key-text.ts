import type { AttributeValue } from "../attribute-value.ts";
import { SyncError } from "../errors.ts";
import type { SqlType } from "./sql-type.ts";

const SIGNED_YEAR = /^([+-])(\d+)(-.*)$/;
const DATED: ReadonlySet<SqlType["kind"]> = new Set(["date", "timestamp", "timestamptz"]);

/**
 * A value of a key as PostgreSQL reads it: what `fromText` made of it comes back.
 *
 * @throws SyncError `EVENT_UNDECODABLE` for a value that no key has: null, a list, a map (not retryable)
 */
export function toKeyText(value: AttributeValue | undefined, { kind }: SqlType): string {
  if (value !== undefined) {
    if ("N" in value) return value.N;
    if ("S" in value) return DATED.has(kind) ? toDatabaseYear(value.S) : value.S;
    if ("B" in value) return `\\x${Buffer.from(value.B, "base64").toString("hex")}`;
  }
  throw new SyncError("EVENT_UNDECODABLE", "a key lacks a column, or holds what no key can", {
    subject: value === undefined ? "absent" : (Object.keys(value)[0] ?? ""),
    fix: "ask for records by the table's whole key",
    retryable: false,
  });
}

/** PostgreSQL counts years before Christ, and writes no plus before large ones. */
function toDatabaseYear(text: string): string {
  const [, sign, year, rest] = SIGNED_YEAR.exec(text) ?? [];
  if (sign === undefined) return text;
  return sign === "+" ? `${year}${rest}` : `${String(Number(year) + 1).padStart(4, "0")}${rest} BC`;
}
