import fc from "fast-check";
import type { AttributeMap, TableKey } from "../../core/attribute-value.ts";
import { parseManagedId, toManagedId } from "../../core/managed-id.ts";

const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ minLength: 1, unit: fc.constantFrom("|", "a", "1", "é") }),
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.stringMatching(/^-?[1-9][0-9]{0,37}$/),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,18})\.[0-9]{0,18}[1-9]$/),
);
const part = fc.oneof(
  text.map((S) => ({ type: "S" as const, value: { S } })),
  number.map((N) => ({ type: "N" as const, value: { N } })),
);
const keyOfTable = fc
  .tuple(part, fc.option(part, { nil: undefined }))
  .map(([first, second]): [AttributeMap, TableKey] => {
    const partitionKey = { name: "p", type: first.type };
    if (second === undefined) return [{ p: first.value }, { partitionKey }];
    const sortKey = { name: "s", type: second.type };
    return [
      { p: first.value, s: second.value },
      { partitionKey, sortKey },
    ];
  });

const ofText: TableKey = { partitionKey: { name: "p", type: "S" } };
const ofTwoTexts: TableKey = { ...ofText, sortKey: { name: "s", type: "S" } };

describe("the id of a record in managed mode", () => {
  it("is its key's parts, joined and nothing else", () => {
    expect(toManagedId({ p: { S: "a%b" } }, ofText)).toBe("a%b");
    expect(toManagedId({ p: { S: "a" }, s: { S: "b|c" }, more: { S: "x" } }, ofTwoTexts)).toBe("a|b|c");
    const numbered: TableKey = { ...ofText, sortKey: { name: "s", type: "N" } };
    expect(toManagedId({ p: { S: "a" }, s: { N: "-1.50" } }, numbered)).toBe("a|-1.50");
  });

  it("leads back to the key, of any table without binary keys", () => {
    fc.assert(
      fc.property(keyOfTable, ([key, tableKey]) => {
        const keys = parseManagedId(toManagedId(key, tableKey), tableKey);
        expect(keys).toContainEqual(key);
      }),
      { numRuns: 500 },
    );
  });

  it("leads to no key that has another id", () => {
    fc.assert(
      fc.property(text, keyOfTable, (id, [, tableKey]) => {
        for (const key of parseManagedId(id, tableKey)) expect(toManagedId(key, tableKey)).toBe(id);
      }),
      { numRuns: 500 },
    );
  });

  it("may stand for several keys, the one with the shortest partition key first", () => {
    expect(parseManagedId("a|b|c", ofTwoTexts)).toEqual([
      { p: { S: "a" }, s: { S: "b|c" } },
      { p: { S: "a|b" }, s: { S: "c" } },
    ]);
  });

  it("stands for no key where a part would be empty, no number, or binary", () => {
    expect(parseManagedId("", ofText)).toEqual([]);
    expect(parseManagedId("|b", ofTwoTexts)).toEqual([]);
    expect(parseManagedId("a|", ofTwoTexts)).toEqual([]);
    expect(parseManagedId("a", ofTwoTexts)).toEqual([]);
    expect(parseManagedId("a", { partitionKey: { name: "p", type: "N" } })).toEqual([]);
    expect(parseManagedId("YQ==", { partitionKey: { name: "p", type: "B" } })).toEqual([]);
  });

  it("is refused to binary keys, with the mode that can have them", () => {
    const binary: TableKey = { partitionKey: { name: "p", type: "B" } };
    expect(() => toManagedId({ p: { B: "YQ==" } }, binary)).toThrow(/EVENT_UNDECODABLE.*mode: custom/s);
  });

  it.each([
    ["lacks", {}, "S"],
    ["has of another type", { p: { N: "1" } }, "S"],
    ["has of another type", { p: { S: "1" } }, "N"],
  ] as const)("is refused to a record that %s its key: %j", (_what, key, type) => {
    expect(() => toManagedId(key, { partitionKey: { name: "p", type } })).toThrow(
      /EVENT_UNDECODABLE.*declare the table's real key/s,
    );
  });
});
