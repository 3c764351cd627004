/** Numbers with more places than this before or behind their point are written with an exponent. */
const MOST_PLACES = 40;
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d*)$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * Writes a decimal number in one way, whoever wrote it: `1.50`, `+1.5` and `15e-1` become `1.5`.
 *
 * The result is a JSON literal with every digit that counts.
 *
 * @returns undefined when it is no decimal number: `NaN`, `Infinity`
 */
export function toDecimalText(text: string): string | undefined {
  if (text.length <= MOST_PLACES && PLAIN_INTEGER.test(text)) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const leading = `${whole}${fraction}`.replace(/^0+/, "");
  const digits = leading.replace(/0+$/, "");
  if (digits === "") return "0";
  const power = Number(exponent) - fraction.length + (leading.length - digits.length);
  return (sign === "-" ? "-" : "") + place(digits, power);
}

/** Sets the point. @param power - of ten, that the digits are multiplied with */
function place(digits: string, power: number): string {
  if (power === 0) return digits;
  if (power > 0) {
    return digits.length + power <= MOST_PLACES ? digits + "0".repeat(power) : `${digits}e${power}`;
  }
  const whole = digits.length + power;
  if (whole > 0) return `${digits.slice(0, whole)}.${digits.slice(whole)}`;
  return -whole <= MOST_PLACES ? `0.${"0".repeat(-whole)}${digits}` : `${digits}e${power}`;
}

/** Digits that tell any two `real` apart. */
const DIGITS_OF_FLOAT = 9;

/**
 * Writes a floating-point number by the fewest digits that mean the same value; Java and PostgreSQL may use more.
 *
 * @param single - `real` instead of `double precision`
 * @returns undefined for `NaN` and `Infinity`
 */
export function toFloatText(text: string, single: boolean): string | undefined {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return undefined;
  return toDecimalText(single ? shortestSingle(value) : String(value));
}

function shortestSingle(value: number): string {
  const single = Math.fround(value);
  for (let digits = 1; digits < DIGITS_OF_FLOAT; digits += 1) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toPrecision(DIGITS_OF_FLOAT);
}
