import { SyncError } from "./errors.ts";
import { canonicalNumber } from "./fingerprint.ts";

declare global {
  interface JSON {
    /** Makes `JSON.stringify` write `text` as it is (ECMAScript proposal "JSON.parse source text access"). */
    rawJSON(text: string): object;
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A decimal number that a JavaScript number would round: what a transform sees of `0.1234567890123456789`.
 *
 * It may be put into a document as it is, and arrives in the index with every digit.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): object {
    return JSON.rawJSON(this.text);
  }
}

/** How a transform sees a DynamoDB number. */
export type PlainNumber = number | bigint | ExactNumber;

/**
 * The simplest value that loses no digit: a number where it holds the value exactly enough to be written
 * back the same, a bigint for longer integers, an {@link ExactNumber} for the rest.
 *
 * @param text - as DynamoDB writes it: up to 38 digits, maybe with an exponent
 */
export function toPlainNumber(text: string): PlainNumber {
  const number = Number(text);
  const written = String(number);
  if (written === text && Number.isFinite(number)) return number;
  if (INTEGER.test(text)) return BigInt(text);
  const same = Number.isFinite(number) && canonicalNumber(written) === canonicalNumber(text);
  return same ? number : new ExactNumber(toNumberLiteral(text));
}

/**
 * A decimal number as a JSON literal with all its digits.
 *
 * DynamoDB's own numbers nearly always are one already; `.5`, `+5` and `007` are not.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when it is no decimal number at all (not retryable)
 */
export function toNumberLiteral(text: string): string {
  if (JSON_NUMBER.test(text)) return text;
  if (DECIMAL.test(text)) return canonicalNumber(text);
  throw new SyncError("EVENT_UNDECODABLE", "a number attribute holds no decimal number", {
    subject: `${text.length} characters`,
    fix: "correct the record in the source",
    retryable: false,
  });
}
