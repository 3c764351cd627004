import { hash } from "node:crypto";
import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { quote, quoteMember } from "./quote.ts";
import { sortTexts } from "./sort-texts.ts";

/** 128 bits of a record's SHA-256, as 32 hex digits. Equal records have equal fingerprints, wherever they were read. */
export type Fingerprint = string & { readonly __brand: "Fingerprint" };

const FINGERPRINT_DIGITS = 32;
/** A decimal whose only canonical step is to move its point: nothing to trim at either end. */
const PLAIN_DECIMAL = /^-?[1-9]\d*\.\d*[1-9]$/;

/**
 * Digests a source record in canonical form: sorted keys, canonical numbers, sorted sets.
 *
 * The same for a stream image, an export line and a re-read of one record, whatever order the source
 * wrote its attributes and sets in, and however it padded a number.
 */
export function fingerprintRecord(record: AttributeMap): Fingerprint {
  return digestCanonical(canonicalMap(record));
}

/** The fingerprint of a record that is in canonical form, whichever that is. */
export function digestCanonical(canonical: string | Uint8Array): Fingerprint {
  return hash("sha256", canonical, "hex").slice(0, FINGERPRINT_DIGITS) as Fingerprint;
}

function canonicalMap(map: AttributeMap): string {
  let text = "{";
  for (const name of sortedNames(map)) {
    const value = map[name];
    if (value !== undefined) text += quoteMember(name) + canonicalValue(value);
  }
  return `${text}}`;
}

export function canonicalValue(value: AttributeValue): string {
  if ("S" in value) return quote(value.S);
  if ("N" in value) return `n${canonicalNumber(value.N)}`;
  if ("BOOL" in value) return value.BOOL ? "t" : "f";
  if ("M" in value) return canonicalMap(value.M);
  if ("L" in value) return `[${value.L.map(canonicalValue).join(",")}]`;
  if ("SS" in value) return `s${JSON.stringify(sortTexts(value.SS))}`;
  if ("NS" in value) return `m[${sortTexts(value.NS.map(canonicalNumber)).join(",")}]`;
  if ("B" in value) return `b"${value.B}"`;
  if ("BS" in value) return `c${JSON.stringify(sortTexts(value.BS))}`;
  return "0";
}

/**
 * Writes a decimal number in one way: its digits without leading or trailing zeros, then the power of ten.
 *
 * DynamoDB itself trims zeros; other readers of the same value may not.
 */
export function canonicalNumber(text: string): string {
  if (/^-?[1-9](?:\d{0,14}[1-9])?$/.test(text)) return text;
  if (PLAIN_DECIMAL.test(text)) {
    const point = text.indexOf(".");
    return `${text.slice(0, point)}${text.slice(point + 1)}e-${text.length - point - 1}`;
  }
  const parts = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return text; // no number: different texts stay different
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return `${sign === "-" ? "-" : ""}${trimmed}${power === 0 ? "" : `e${power}`}`;
}

/** Records of a table mostly write their attributes in one order; it is sorted once. */
const orders = new Map<string, { readonly names: readonly string[]; readonly sorted: readonly string[] }>();
const MOST_ORDERS = 1_000;

function sortedNames(map: AttributeMap): readonly string[] {
  const names = Object.keys(map);
  if (names.length < 2) return names;
  const place = `${names.length} ${names[0]}`;
  const known = orders.get(place);
  if (known !== undefined && isSameOrder(names, known.names)) return known.sorted;
  const sorted = names.toSorted();
  if (known !== undefined || orders.size < MOST_ORDERS) orders.set(place, { names, sorted });
  return sorted;
}

function isSameOrder(names: readonly string[], known: readonly string[]): boolean {
  for (let index = 0; index < known.length; index += 1) if (names[index] !== known[index]) return false;
  return true;
}
