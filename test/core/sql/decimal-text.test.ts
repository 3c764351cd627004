import fc from "fast-check";
import { canonicalNumber } from "../../../core/fingerprint.ts";
import { toDecimalText, toFloatText } from "../../../core/sql/decimal-text.ts";

const digits = fc.stringMatching(/^[0-9]{1,60}$/);
const exponent = fc.option(fc.integer({ min: -60, max: 60 }), { nil: undefined });
const decimal = fc
  .tuple(fc.constantFrom("", "-", "+"), digits, fc.option(digits, { nil: undefined }), exponent)
  .map(([sign, whole, fraction, power]) => {
    const point = fraction === undefined ? "" : `.${fraction}`;
    return `${sign}${whole}${point}${power === undefined ? "" : `e${power}`}`;
  });

describe("a decimal number's text", () => {
  it("means the same number, is a JSON literal, and is written in one way", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const written = toDecimalText(text) ?? "";
        expect(canonicalNumber(written)).toBe(canonicalNumber(text));
        expect(Number.isFinite(JSON.parse(written))).toBe(true);
        expect(toDecimalText(written)).toBe(written);
        expect(toDecimalText(canonicalNumber(text))).toBe(written);
      }),
    );
  });

  it("is none of what is no number", () => {
    for (const text of ["NaN", "Infinity", "", "-", ".", "1e", "0x1"])
      expect(toDecimalText(text)).toBeUndefined();
  });

  it("is the same for a double, however many digits it was written with", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const written = toFloatText(value.toPrecision(17), false) ?? "";
        expect(Object.is(Number(written), value) || value === 0).toBe(true);
        expect(toFloatText(String(value), false)).toBe(written);
      }),
    );
  });

  it("is the same for a real, however many digits it was written with", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const written = toFloatText(value.toPrecision(9), true) ?? "";
        expect(Math.fround(Number(written)) === value).toBe(true);
        expect(toFloatText(String(value), true)).toBe(written);
      }),
    );
  });
});
