import fc from "fast-check";
import type { AttributeValue } from "../../core/attribute-value.ts";
import { stringifyDocument, toDocumentText, toPlainRecord } from "../../core/document.ts";
import { ExactNumber } from "../../core/exact-number.ts";

const text = fc.string({ unit: "binary" });
const digits = fc.stringMatching(/^-?[1-9][0-9]{0,37}$/);
const decimal = fc.stringMatching(/^-?(0|[1-9][0-9]{0,18})\.[0-9]{0,18}[1-9]$/);
const number = fc.oneof(digits, decimal, fc.constantFrom("0", "1E+100", "-1.5e-130", "0.1"));
const distinct = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 4 });
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    fc.base64String().map((B) => ({ B })),
    distinct(fc.base64String()).map((BS) => ({ BS })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true } as const),
    distinct(text).map((SS) => ({ SS })),
    distinct(number).map((NS) => ({ NS })),
    fc.array(tie("value"), { maxLength: 4 }).map((L) => ({ L })),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }).map((M) => ({ M })),
  ),
}));
const record = fc.dictionary(text, value, { maxKeys: 6 });

describe("the document of a record", () => {
  it("is the same text whether or not a transform looked at it", () => {
    fc.assert(
      fc.property(record, (item) => {
        expect(JSON.parse(toDocumentText(item))).toEqual(JSON.parse(stringifyDocument(toPlainRecord(item))));
      }),
    );
  });

  it("holds every digit of a number, as a JSON number", () => {
    fc.assert(
      fc.property(fc.oneof(digits, decimal), (N) => {
        expect(toDocumentText({ n: { N } })).toBe(`{"n":${N}}`);
        expect(stringifyDocument(toPlainRecord({ n: { N } }))).toBe(`{"n":${N}}`);
      }),
    );
  });

  it("keeps what DynamoDB allows: empty strings, nulls, sets in order, binary as base64", () => {
    const item = {
      empty: { S: "" },
      nothing: { NULL: true },
      letters: { SS: ["b", "a"] },
      numbers: { NS: ["10", "9", "-1"] },
      bytes: { B: "aGk=" },
      pieces: { BS: ["aGo=", "aGk="] },
    } as const;
    const text =
      '{"empty":"","nothing":null,"letters":["a","b"],"numbers":[-1,9,10],"bytes":"aGk=","pieces":["aGk=","aGo="]}';
    expect(toDocumentText(item)).toBe(text);
    expect(stringifyDocument(toPlainRecord(item))).toBe(text);
  });

  it("gives a transform copies: what it does to them does not reach the record, whose digest is taken later", () => {
    const item = {
      tags: { SS: ["a", "b"] },
      scores: { NS: ["1", "2"] },
      blobs: { BS: ["YQ==", "Yg=="] },
      list: { L: [{ S: "x" }] },
    };
    const before = structuredClone(item);
    for (const value of Object.values(toPlainRecord(item))) {
      if (Array.isArray(value)) value.push("changed");
    }
    expect(item).toEqual(before);
  });

  it("writes a set in one order, whatever order the source has it in, numbers that round to one double included", () => {
    const near = ["9007199254740992", "9007199254740993", "9007199254740994", "-0.5", "100"];
    const sets = fc.oneof(
      fc.shuffledSubarray(near, { minLength: 1 }).map((all) => [{ NS: all }, { NS: all.toReversed() }]),
      distinct(text).map((all) => [{ SS: all }, { SS: all.toReversed() }]),
      distinct(fc.base64String()).map((all) => [{ BS: all }, { BS: all.toReversed() }]),
    );
    fc.assert(
      fc.property(sets, (orders) => {
        const texts = orders.flatMap((set) => [
          toDocumentText({ set }),
          stringifyDocument(toPlainRecord({ set })),
        ]);
        expect(new Set(texts).size).toBe(1);
      }),
    );
    expect(toDocumentText({ set: { NS: near.toReversed() } })).toBe(
      '{"set":[-0.5,100,9007199254740992,9007199254740993,9007199254740994]}',
    );
  });

  it("gives a transform plain numbers where they are exact, and exact ones where they are not", () => {
    const plain = toPlainRecord({
      a: { N: "1.5" },
      b: { N: "12345678901234567890" },
      c: { N: "0.12345678901234567890" },
    });
    expect(plain["a"]).toBe(1.5);
    expect(plain["b"]).toBe(12345678901234567890n);
    expect(plain["c"]).toEqual(new ExactNumber("0.12345678901234567890"));
  });

  it("refuses a number that is none, rather than indexing zero", () => {
    expect(() => toDocumentText({ n: { N: "NaN" } })).toThrow(/^EVENT_UNDECODABLE/);
    expect(() => stringifyDocument({ n: Number.NaN })).toThrow(RangeError);
  });

  it("does not set a prototype when an attribute is called __proto__", () => {
    const item = JSON.parse('{"__proto__":{"S":"x"}}');
    expect(toDocumentText(item)).toBe('{"__proto__":"x"}');
    expect(stringifyDocument(toPlainRecord(item))).toBe('{"__proto__":"x"}');
  });
});
