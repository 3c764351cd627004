import fc from "fast-check";
import { canonicalNumber } from "../../../../../core/fingerprint.ts";
import {
  toJavaNumber,
  toPlainJavaNumber,
} from "../../../../../local/stand-ins/ingestion/source/java-number.ts";

const decimal = fc
  .tuple(
    fc.boolean(),
    fc.stringMatching(/^\d{1,20}$/),
    fc.stringMatching(/^\d{0,18}$/),
    fc.integer({ min: -100, max: 100 }),
  )
  .map(
    ([negative, whole, fraction, exponent]) =>
      `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}${exponent === 0 ? "" : `E${exponent}`}`,
  );

describe("a number of an event", () => {
  it.each([
    ["100", "100", "100"],
    ["1.50", "1.50", "1.50"],
    ["-0.000001", "-0.000001", "-0.000001"],
    ["0.0000001", "1E-7", "0.0000001"],
    ["0.00000012", "1.2E-7", "0.00000012"],
    ["1E+2", "1E+2", "100"],
    ["12e3", "1.2E+4", "12000"],
    ["007.5", "7.5", "7.5"],
    [".5", "0.5", "0.5"],
    ["-0", "0", "0"],
    ["0.00", "0.00", "0.00"],
    [
      "1.00000000000000000000000000000000000001",
      "1.00000000000000000000000000000000000001",
      "1.00000000000000000000000000000000000001",
    ],
  ])("is written as Java writes it: %s", (given, written, plain) => {
    expect(toJavaNumber(given)).toBe(written);
    expect(toPlainJavaNumber(given)).toBe(plain);
  });

  it("keeps every digit, and is a JSON literal", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const written = toJavaNumber(text);
        expect(canonicalNumber(written)).toBe(canonicalNumber(text));
        expect(canonicalNumber(toPlainJavaNumber(text))).toBe(canonicalNumber(text));
        expect(() => JSON.rawJSON(written)).not.toThrow();
      }),
    );
  });

  it("is refused when it is none", () => {
    for (const text of ["", "-", ".", "x", "1x", "NaN"]) expect(() => toJavaNumber(text)).toThrow(RangeError);
  });
});
