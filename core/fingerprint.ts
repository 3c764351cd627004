import { hash } from "node:crypto";
import type { AttributeMap, AttributeValue } from "./attribute-value.ts";

/** 128 bits of a record's SHA-256, as 32 hex digits. Equal records have equal fingerprints, wherever they were read. */
export type Fingerprint = string & { readonly __brand: "Fingerprint" };

const FINGERPRINT_DIGITS = 32;

/**
 * Digests a source record in canonical form: sorted keys, canonical numbers, sorted sets.
 *
 * The same for a stream image, an export line and a re-read of one record, whatever order the source
 * wrote its attributes and sets in, and however it padded a number.
 */
export function fingerprintRecord(record: AttributeMap): Fingerprint {
  return hash("sha256", canonicalMap(record), "hex").slice(0, FINGERPRINT_DIGITS) as Fingerprint;
}

function canonicalMap(map: AttributeMap): string {
  let text = "{";
  for (const name of sortedNames(map)) {
    const value = map[name];
    if (value !== undefined) text += `${JSON.stringify(name)}:${canonicalValue(value)},`;
  }
  return `${text}}`;
}

function canonicalValue(value: AttributeValue): string {
  if ("S" in value) return JSON.stringify(value.S);
  if ("N" in value) return `n${canonicalNumber(value.N)}`;
  if ("BOOL" in value) return value.BOOL ? "t" : "f";
  if ("M" in value) return canonicalMap(value.M);
  if ("L" in value) return `[${value.L.map(canonicalValue).join(",")}]`;
  if ("SS" in value) return `s${JSON.stringify(value.SS.toSorted())}`;
  if ("NS" in value) return `m[${value.NS.map(canonicalNumber).toSorted().join(",")}]`;
  if ("B" in value) return `b"${value.B}"`;
  if ("BS" in value) return `c${JSON.stringify(value.BS.toSorted())}`;
  return "0";
}

/**
 * Writes a decimal number in one way: its digits without leading or trailing zeros, then the power of ten.
 *
 * DynamoDB itself trims zeros; other readers of the same value may not.
 */
export function canonicalNumber(text: string): string {
  if (/^-?[1-9](?:\d{0,14}[1-9])?$/.test(text)) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return `${sign === "-" ? "-" : ""}${trimmed}${power === 0 ? "" : `e${power}`}`;
}

function sortedNames(map: AttributeMap): readonly string[] {
  const names = Object.keys(map);
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? "") > (names[index] ?? "")) return names.sort();
  }
  return names;
}
