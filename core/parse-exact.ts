import { ExactNumber } from "./exact-number.ts";
import type { ExactJson, ExactObject } from "./plain-fingerprint.ts";

declare global {
  interface JSON {
    /** ECMAScript proposal "JSON.parse source text access". */
    parse(
      text: string,
      revive: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): ExactJson;
  }
}

/** A number that may have more digits than a JavaScript number holds, or any text that looks like one. */
const MAY_LOSE_DIGITS = /[\d.]{16}|\d[eE][+-]?\d/;

/**
 * Reads JSON without losing a digit: a number that a JavaScript number might round becomes an {@link ExactNumber}.
 *
 * @throws SyntaxError when the text is no JSON
 */
export function parseExact(text: string): ExactJson {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value, { source }) =>
    typeof value === "number" && source !== undefined ? new ExactNumber(source) : value,
  );
}

/** The value where it is an object; undefined for every other one. */
export function toExactObject(value: ExactJson | undefined): ExactObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: ExactJson | undefined): value is ExactObject {
  const isMade = typeof value === "object" && value !== null && !(value instanceof ExactNumber);
  return isMade && !Array.isArray(value);
}
