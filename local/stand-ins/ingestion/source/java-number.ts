/** A decimal number as `java.math.BigDecimal` holds it: digits, and how many of them are behind the point. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;
/** `BigDecimal.toString` writes smaller numbers with an exponent. */
const SMALLEST_PLAIN = -6;

/**
 * Writes a number as Data Prepper's events have it: every digit kept, `0.0000001` as `1E-7`.
 *
 * @throws RangeError when the text is no decimal number
 * @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/math/BigDecimal.html#toString()
 */
export function toJavaNumber(text: string): string {
  const decimal = parseDecimal(text);
  const { negative, digits, scale } = decimal;
  const exponent = digits.length - 1 - scale;
  if (scale >= 0 && exponent >= SMALLEST_PLAIN) return toPlain(decimal);
  const fraction = digits.length === 1 ? "" : `.${digits.slice(1)}`;
  return `${negative ? "-" : ""}${digits.charAt(0)}${fraction}E${exponent < 0 ? "" : "+"}${exponent}`;
}

/** Writes a number without an exponent, as export rows have it in their ids. @throws RangeError as {@link toJavaNumber} */
export function toPlainJavaNumber(text: string): string {
  return toPlain(parseDecimal(text));
}

function parseDecimal(text: string): Decimal {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const written = `${whole}${fraction}`;
  if (written === "") throw new RangeError("no decimal number");
  const digits = written.replace(/^0+(?=\d)/, "");
  return { negative: sign === "-" && digits !== "0", digits, scale: fraction.length - Number(exponent) };
}

function toPlain({ negative, digits, scale }: Decimal): string {
  const sign = negative ? "-" : "";
  if (scale <= 0) return `${sign}${digits === "0" ? "0" : digits.padEnd(digits.length - scale, "0")}`;
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
