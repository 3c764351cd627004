import type { AttributeValue } from "../attribute-value.ts";
import { ExactNumber } from "../exact-number.ts";
import { parseExact } from "../parse-exact.ts";
import type { ExactJson } from "../plain-fingerprint.ts";
import { toDecimalText } from "./decimal-text.ts";

/** What a JSON text holds, without losing a digit. @throws SyntaxError when it is no JSON */
export function fromJsonText(text: string): AttributeValue {
  return fromJson(parseExact(text));
}

/** A parsed JSON value as a source value. */
export function fromJson(value: ExactJson): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "boolean") return { BOOL: value };
  if (value === null) return { NULL: true };
  if (typeof value === "number" || value instanceof ExactNumber) {
    const text = String(value);
    return { N: toDecimalText(text) ?? text };
  }
  if (isArray(value)) return { L: value.map(fromJson) };
  const members = Object.entries(value).map(([name, member]) => [name, fromJson(member)] as const);
  return { M: Object.fromEntries(members) };
}

function isArray(value: object): value is readonly ExactJson[] {
  return Array.isArray(value);
}
