import fc from "fast-check";
import { quote, quoteMember } from "../../core/quote.ts";

/** Around 64 characters another way of quoting begins. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ minLength: 60, maxLength: 70 }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "\u0000", "\u001f", "\u007f", "\ud800", "\udfff", "\uffff", "é", "a"),
  }),
);

describe("quoting", () => {
  it("gives what JSON.stringify gives, of any text", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(quote(any)).toBe(JSON.stringify(any));
        expect(quoteMember(any)).toBe(`,${JSON.stringify(any)}:`);
      }),
    );
  });

  it("gives it for names remembered and for names too many to remember", () => {
    const names = Array.from({ length: 10_100 }, (_, number) => `name "${number}"`);
    for (let time = 0; time < 2; time += 1) {
      const wrong = names.filter((name) => quoteMember(name) !== `,${JSON.stringify(name)}:`);
      expect(wrong).toEqual([]);
    }
  });
});
