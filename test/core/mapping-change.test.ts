import fc from "fast-check";
import { compareMappings } from "../../core/mapping-change.ts";

const mapping = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
});

describe("the change of a mapping", () => {
  it("is none where only the order of names differs, or nothing was declared either time", () => {
    const before = { dynamic: "strict", properties: { a: { type: "keyword" }, b: { type: "long" } } };
    const after = { properties: { b: { type: "long" }, a: { type: "keyword" } }, dynamic: "strict" };
    expect(compareMappings(before, after)).toEqual({ kind: "same" });
    expect(compareMappings(undefined, undefined)).toEqual({ kind: "same" });
    // What is undefined is not in the JSON that is sent.
    expect(compareMappings({ a: 1 }, { a: 1, b: undefined })).toEqual({ kind: "same" });
  });

  it("is none where names inside a list are in another order, as YAML and JSON may write them", () => {
    const before = { dynamic_templates: [{ texts: { match: "*", mapping: { type: "keyword" } } }] };
    const after = { dynamic_templates: [{ texts: { mapping: { type: "keyword" }, match: "*" } }] };
    expect(compareMappings(before, after)).toEqual({ kind: "same" });
  });

  it("is additive where fields were only gained, however deep", () => {
    const before = { properties: { a: { properties: { b: { type: "long" } } } } };
    const after = {
      properties: { a: { properties: { b: { type: "long" }, c: { type: "text" } } } },
      dynamic: true,
    };
    expect(compareMappings(before, after)).toEqual({ kind: "additive" });
  });

  it.each([
    ["a field that is gone", { properties: { a: {}, b: {} } }, { properties: { a: {} } }, "properties.b"],
    [
      "another type",
      { properties: { a: { type: "long" } } },
      { properties: { a: { type: "text" } } },
      "properties.a.type",
    ],
    ["an object that became a value", { _source: { enabled: true } }, { _source: true }, "_source"],
    ["a value that became an object", { _source: true }, { _source: { enabled: true } }, "_source"],
    ["a list in another order", { formats: ["a", "b"] }, { formats: ["b", "a"] }, "formats"],
    ["a list that gained something", { formats: ["a"] }, { formats: ["a", "b"] }, "formats"],
    ["null instead of a value", { null_value: 0 }, { null_value: null }, "null_value"],
    ["a mapping that is gone", { properties: {} }, undefined, "(whole)"],
  ])("is incompatible with %s, which is named", (_what, before, after, path) => {
    expect(compareMappings(before, after)).toEqual({ kind: "incompatible", path });
  });

  it("knows a field called like what every object has", () => {
    const field = { properties: { constructor: { type: "keyword" } } };
    expect(compareMappings(field, { properties: {} })).toEqual({
      kind: "incompatible",
      path: "properties.constructor",
    });
    expect(compareMappings({ properties: {} }, field)).toEqual({ kind: "additive" });
  });

  it("is additive one way and incompatible the other, or the same both ways", () => {
    fc.assert(
      fc.property(mapping, mapping, (one, more) => {
        const union = { ...more, ...one };
        const forth = compareMappings(one, union).kind;
        const back = compareMappings(union, one).kind;
        const gained = Object.keys(union).length > Object.keys(one).length;
        expect([forth, back]).toEqual(gained ? ["additive", "incompatible"] : ["same", "same"]);
      }),
    );
  });
});
