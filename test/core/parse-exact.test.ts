import fc from "fast-check";
import { ExactNumber } from "../../core/exact-number.ts";
import { parseExact } from "../../core/parse-exact.ts";

describe("reading JSON exactly", () => {
  it("keeps every digit of every number", () => {
    const literal = fc.oneof(
      fc.stringMatching(/^-?[1-9][0-9]{0,37}$/),
      fc.stringMatching(/^-?(0|[1-9][0-9]{0,18})\.[0-9]{1,20}$/),
      fc.stringMatching(/^-?[1-9](\.[0-9]{1,37})?[eE][+-]?[1-9][0-9]{0,2}$/),
    );
    fc.assert(
      fc.property(fc.array(literal, { minLength: 1, maxLength: 4 }), (literals) => {
        const numbers = parseExact(`[${literals.join(",")}]`);
        if (!Array.isArray(numbers)) throw new Error("no array");
        for (const [place, number] of numbers.entries()) {
          const text = literals[place] ?? "";
          if (number instanceof ExactNumber) expect(number.text).toBe(text);
          // What stayed a JavaScript number was written by one, but for zeros at the end.
          else expect(String(number)).toBe(text.includes(".") ? String(Number(text)) : text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "12345678901234567890123456789012345678",
    "0.1234567890123456789",
    "9007199254740993",
    "1e400",
    "-1.5E-130",
  ])("does not round %s, wherever it stands", (literal) => {
    const written = `{"a":[{"b":${literal}}]}`;
    expect(JSON.stringify(parseExact(written))).toBe(written);
  });

  it("reads everything else as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // Written again, so that a number that is kept exactly is compared by its value.
        const again = JSON.stringify(parseExact(text));
        expect(JSON.stringify(JSON.parse(again))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves texts alone that look like long numbers, and a member of any name", () => {
    const text = '{"__proto__":"1234567890123456789","b":true,"c":null,"d":"1e5"}';
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });

  it.each(["", "{", "[1,]", "12345678901234567890x"])("refuses what is no JSON: %j", (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });
});
