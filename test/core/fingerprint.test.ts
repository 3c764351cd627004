import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../core/attribute-value.ts";
import { canonicalNumber, fingerprintRecord } from "../../core/fingerprint.ts";

const { value } = fc.letrec<{ value: AttributeValue; map: AttributeMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: fc.string({ unit: "binary" }) }),
    fc.record({ N: fc.bigInt().map(String) }),
    fc.record({ B: fc.base64String() }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant<AttributeValue>({ NULL: true }),
    fc.record({ SS: fc.uniqueArray(fc.string(), { minLength: 1 }) }),
    fc.record({ NS: fc.uniqueArray(fc.integer().map(String), { minLength: 1 }) }),
    fc.record({ BS: fc.uniqueArray(fc.base64String(), { minLength: 1 }) }),
    fc.record({ L: fc.array(tie("value"), { maxLength: 3 }) }),
    fc.record({ M: tie("map") }),
  ),
  map: fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
}));
const record = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 6 });

describe("fingerprintRecord", () => {
  it("does not depend on the order attributes were written in", () => {
    fc.assert(
      fc.property(record, (item) => {
        const reversed = Object.fromEntries(Object.entries(item).reverse());
        expect(fingerprintRecord(reversed)).toBe(fingerprintRecord(item));
      }),
    );
  });

  it("does not depend on the order of a set's members", () => {
    const left = fingerprintRecord({
      a: { SS: ["x", "y"] },
      b: { NS: ["2", "10"] },
      c: { BS: ["YQ==", "Yg=="] },
    });
    const right = fingerprintRecord({
      a: { SS: ["y", "x"] },
      b: { NS: ["10.0", "2"] },
      c: { BS: ["Yg==", "YQ=="] },
    });
    expect(left).toBe(right);
  });

  it("does not depend on how many other records were digested before, in whatever order of attributes", () => {
    const record = (number: number): AttributeMap => ({
      [`z${number}`]: { BOOL: true },
      a: { N: String(number) },
    });
    const reversed = (number: number) => Object.fromEntries(Object.entries(record(number)).reverse());
    // More first names than the digester remembers orders of.
    const numbers = Array.from({ length: 1_100 }, (_, number) => number);
    const before = numbers.map((number) => fingerprintRecord(record(number)));
    expect(numbers.map((number) => fingerprintRecord(reversed(number)))).toEqual(before);
    expect(numbers.map((number) => fingerprintRecord(record(number)))).toEqual(before);
    expect(new Set(before).size).toBe(numbers.length);
  });

  it("differs when any one attribute differs", () => {
    fc.assert(
      fc.property(record, value, value, (item, left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        fc.pre(!["SS", "NS", "BS", "N", "M", "L"].some((type) => type in left));
        const one = fingerprintRecord({ ...item, probe: left });
        expect(fingerprintRecord({ ...item, probe: right }) === one).toBe(false);
      }),
    );
  });

  it.each<[string, AttributeValue, AttributeValue]>([
    ["a string and a number", { S: "1" }, { N: "1" }],
    ["a string and binary of the same text", { S: "YQ==" }, { B: "YQ==" }],
    ["an empty list and an empty map", { L: [] }, { M: {} }],
    ["a list and a set", { L: [{ S: "a" }] }, { SS: ["a"] }],
    ["sets of texts and of binary", { SS: ["YQ=="] }, { BS: ["YQ=="] }],
    ["sets of texts and of numbers", { SS: ["1"] }, { NS: ["1"] }],
    ["true and false", { BOOL: true }, { BOOL: false }],
    ["null and false", { NULL: true }, { BOOL: false }],
    ["an empty string and null", { S: "" }, { NULL: true }],
  ])("tells %s apart", (_what, left, right) => {
    expect(fingerprintRecord({ a: left })).not.toBe(fingerprintRecord({ a: right }));
  });

  it("cannot be fooled by a name that looks like the end of another attribute", () => {
    const one = fingerprintRecord({ 'a":"b","c': { S: "d" } });
    expect(one).not.toBe(fingerprintRecord({ a: { S: "b" }, c: { S: "d" } }));
  });
});

describe("canonicalNumber", () => {
  it("leaves what is no number as it is, so that it never passes for zero", () => {
    for (const text of ["", "NaN", ".", "1e", "0x0"]) expect(canonicalNumber(text)).toBe(text);
  });

  it.each([
    ["100", "1e2"],
    ["100", "100.00"],
    ["0", "-0.0"],
    ["0.001", "1E-3"],
    ["12345678901234567890123456789012345678", "0012345678901234567890123456789012345678.0"],
    ["-1.5", "-15e-1"],
    ["9.9999999999999999999999999999999999999E+125", "99999999999999999999999999999999999999e88"],
  ])("writes %s and %s alike", (left, right) => {
    expect(canonicalNumber(left)).toBe(canonicalNumber(right));
  });

  it("tells neighbours of 38 digits apart", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), (number) => {
        expect(canonicalNumber(String(number))).not.toBe(canonicalNumber(String(number + 1n)));
      }),
    );
  });
});
