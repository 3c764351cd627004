import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { type PlainNumber, toNumberLiteral, toPlainNumber } from "./exact-number.ts";
import { quote, quoteMember } from "./quote.ts";
import { sortTexts } from "./sort-texts.ts";

/** A source value as a transform sees it. Sets are sorted arrays, binary is base64 text. */
export type PlainValue = string | boolean | null | PlainNumber | readonly PlainValue[] | PlainRecord;

/** A source record as a transform sees it. */
export interface PlainRecord {
  readonly [name: string]: PlainValue;
}

/**
 * Writes a record as the JSON text of its document, without ever making a JavaScript number of a number.
 *
 * The same value as `stringifyDocument(toPlainRecord(record))`, several times faster.
 */
export function toDocumentText(record: AttributeMap): string {
  let text = "{";
  for (const name in record) {
    const value = record[name];
    if (value === undefined) continue;
    const member = quoteMember(name);
    text += (text === "{" ? member.slice(1) : member) + valueText(value);
  }
  return `${text}}`;
}

export function valueText(value: AttributeValue): string {
  if ("S" in value) return quote(value.S);
  if ("N" in value) return toNumberLiteral(value.N);
  if ("BOOL" in value) return value.BOOL ? "true" : "false";
  if ("M" in value) return toDocumentText(value.M);
  if ("L" in value) return `[${value.L.map(valueText).join(",")}]`;
  if ("SS" in value) return `[${sortTexts(value.SS).map(quote).join(",")}]`;
  if ("NS" in value) return `[${value.NS.toSorted(byNumber).map(toNumberLiteral).join(",")}]`;
  if ("B" in value) return quote(value.B);
  if ("BS" in value) return `[${sortTexts(value.BS).map(quote).join(",")}]`;
  return "null";
}

/** Turns a record into values a transform can work with; see {@link toPlainNumber} for its numbers. */
export function toPlainRecord(record: AttributeMap): PlainRecord {
  const plain: Record<string, PlainValue> = {};
  for (const [name, value] of Object.entries(record)) {
    // A plain assignment to this one name would set the prototype instead.
    if (name === "__proto__")
      Object.defineProperty(plain, name, { value: toPlainValue(value), enumerable: true });
    else plain[name] = toPlainValue(value);
  }
  return plain;
}

function toPlainValue(value: AttributeValue): PlainValue {
  if ("S" in value) return value.S;
  if ("N" in value) return toPlainNumber(value.N);
  if ("BOOL" in value) return value.BOOL;
  if ("M" in value) return toPlainRecord(value.M);
  if ("L" in value) return value.L.map(toPlainValue);
  if ("SS" in value) return value.SS.toSorted(); // a copy: what a transform does to it must not reach the record
  if ("NS" in value) return value.NS.toSorted(byNumber).map(toPlainNumber);
  if ("B" in value) return value.B;
  if ("BS" in value) return value.BS.toSorted();
  return null;
}

/**
 * Writes what a transform made as JSON text: bigints and {@link ExactNumber}s with every digit.
 *
 * @throws TypeError when it is no JSON value (a cycle, a function alone)
 * @throws RangeError when a number in it is NaN or infinite, which JSON would turn into null in silence
 */
export function stringifyDocument(document: unknown): string {
  return JSON.stringify(document, (_name, value: unknown) => {
    if (typeof value === "bigint") return JSON.rawJSON(value.toString());
    if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("a number is not finite");
    return value;
  });
}

/** Orders a number set; equal as doubles, the text decides, so that the order never depends on the source. */
function byNumber(left: string, right: string): number {
  return Number(left) - Number(right) || (left < right ? -1 : 1);
}
