import fc from "fast-check";
import { ExactNumber, toNumberLiteral, toPlainNumber } from "../../core/exact-number.ts";
import { canonicalNumber } from "../../core/fingerprint.ts";

/** Decimal numbers in every way they can be written, up to DynamoDB's 38 digits. */
const written = fc.stringMatching(/^[+-]?(\d{1,19}\.?\d{0,19}|\.\d{1,19})([eE][+-]?\d{1,2})?$/);

describe("toNumberLiteral", () => {
  it("writes any decimal number as JSON, with the value it has", () => {
    fc.assert(
      fc.property(written, (text) => {
        const literal = toNumberLiteral(text);
        // A negative zero is a zero.
        expect(JSON.parse(literal) + 0).toBe(Number(text) + 0);
        expect(canonicalNumber(literal)).toBe(canonicalNumber(text));
      }),
    );
  });

  it("leaves what is a JSON number already as it is", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = JSON.stringify(number);
        expect(toNumberLiteral(text)).toBe(text);
      }),
    );
  });

  it.each([
    [".5", "5e-1"],
    ["+5", "5"],
    ["007", "7"],
    ["-00.50", "-5e-1"],
    ["5.", "5"],
    ["000", "0"],
  ])("writes %s, which JSON has no such word for, as %s", (text, literal) => {
    expect(toNumberLiteral(text)).toBe(literal);
  });

  it.each(["", "NaN", "Infinity", "0x10", "1_000", " 1", "1e", ".", "--1", "1,5"])(
    "refuses %j without repeating it",
    (text) => {
      expect(() => toNumberLiteral(text)).toThrow(
        `EVENT_UNDECODABLE: a number attribute holds no decimal number (${text.length} characters)`,
      );
    },
  );
});

describe("toPlainNumber", () => {
  it.each(["", "0x0", "NaN", "Infinity", " 7", "."])("refuses %j, which is no decimal number", (text) => {
    expect(() => toPlainNumber(text)).toThrow(/^EVENT_UNDECODABLE: /);
  });

  it("loses no digit of any number", () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(canonicalNumber(String(toPlainNumber(text)))).toBe(canonicalNumber(text));
      }),
    );
  });

  it("gives a number wherever one holds the value, for arithmetic", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        fc.pre(!Object.is(number, -0));
        expect(toPlainNumber(String(number))).toBe(number);
      }),
    );
    expect(toPlainNumber("1.50")).toBe(1.5);
    expect(toPlainNumber("1E+2")).toBe(100);
  });

  it("gives a bigint for longer integers and an exact number for what is past either", () => {
    expect(toPlainNumber("9007199254740993")).toBe(9007199254740993n);
    expect(toPlainNumber("0.1234567890123456789")).toEqual(new ExactNumber("0.1234567890123456789"));
    expect(toPlainNumber("1e400")).toEqual(new ExactNumber("1e400"));
  });
});

describe("an exact number", () => {
  it("reads as its digits, in a text and in JSON", () => {
    const number = new ExactNumber("0.1234567890123456789");
    expect(`${number}`).toBe("0.1234567890123456789");
    expect(JSON.stringify({ number })).toBe('{"number":0.1234567890123456789}');
  });
});
