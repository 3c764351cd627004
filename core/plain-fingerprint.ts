import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { ExactNumber } from "./exact-number.ts";
import { canonicalNumber, digestCanonical, type Fingerprint } from "./fingerprint.ts";
import { quote, quoteMember } from "./quote.ts";
import { sortTexts } from "./sort-texts.ts";

/** A JSON value whose numbers have all their digits, see `parseExact`. */
export type ExactJson = string | number | boolean | null | ExactNumber | readonly ExactJson[] | ExactObject;

export interface ExactObject {
  readonly [name: string]: ExactJson;
}

/**
 * Digests a record by what is left of it as plain JSON, which is all a managed pipeline sends: binary is text, a
 * set is an array in no certain order.
 *
 * Equal to {@link fingerprintSent} of the same record. An array of distinct strings, or of distinct numbers, may
 * have been a set, so the order in it makes no difference: that such a list was only re-ordered is not seen.
 */
export function fingerprintPlainRecord(record: AttributeMap): Fingerprint {
  return digestCanonical(canonicalMap(record));
}

/** Digests a record that was sent as JSON. @param without - members that are not the record's */
export function fingerprintSent(record: ExactObject, without: ReadonlySet<string>): Fingerprint {
  return digestCanonical(canonicalObject(record, without));
}

function canonicalMap(map: AttributeMap): string {
  let text = "{";
  for (const name of sortTexts(Object.keys(map))) {
    const value = map[name];
    if (value !== undefined) text += quoteMember(name) + canonicalValue(value);
  }
  return `${text}}`;
}

function canonicalValue(value: AttributeValue): string {
  if ("S" in value) return quote(value.S);
  if ("N" in value) return `n${canonicalNumber(value.N)}`;
  if ("B" in value) return quote(value.B);
  if ("BOOL" in value) return value.BOOL ? "t" : "f";
  if ("M" in value) return canonicalMap(value.M);
  if ("L" in value) return canonicalArray(value.L.map(canonicalValue));
  if ("SS" in value) return canonicalArray(value.SS.map(quote));
  if ("NS" in value) return canonicalArray(value.NS.map((number) => `n${canonicalNumber(number)}`));
  if ("BS" in value) return canonicalArray(value.BS.map(quote));
  return "0";
}

function canonicalObject(object: ExactObject, without: ReadonlySet<string>): string {
  let text = "{";
  for (const name of sortTexts(Object.keys(object))) {
    const value = object[name];
    if (value !== undefined && !without.has(name)) text += quoteMember(name) + canonicalJson(value);
  }
  return `${text}}`;
}

const NOTHING: ReadonlySet<string> = new Set();

function canonicalJson(value: ExactJson): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || value instanceof ExactNumber) return `n${canonicalNumber(String(value))}`;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value === null) return "0";
  return isArray(value) ? canonicalArray(value.map(canonicalJson)) : canonicalObject(value, NOTHING);
}

/** What may have been a set is sorted: distinct strings, or distinct numbers. */
function canonicalArray(items: readonly string[]): string {
  const mayBeSet = isAll(items, '"') || isAll(items, "n");
  return `[${(mayBeSet && isDistinct(items) ? sortTexts(items) : items).join(",")}]`;
}

function isAll(items: readonly string[], begin: string): boolean {
  return items.every((item) => item.startsWith(begin));
}

function isDistinct(items: readonly string[]): boolean {
  return new Set(items).size === items.length;
}

function isArray(value: readonly ExactJson[] | ExactObject): value is readonly ExactJson[] {
  return Array.isArray(value);
}
