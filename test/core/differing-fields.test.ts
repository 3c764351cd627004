import fc from "fast-check";
import { differingFields } from "../../core/differing-fields.ts";

/** JSON text of a value with the names of every object in reverse order. */
function reversed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(reversed).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).reverse();
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${reversed(field)}`).join(",")}}`;
}

const fields = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });

describe("the fields in which two documents differ", () => {
  it("are those of one side only and those of another value, sorted, and never a value", () => {
    const left = '{"same":1,"changed":"a secret","removed":null}';
    const right = '{"changed":"another secret","added":[],"same":1}';
    expect(differingFields(left, right)).toEqual(["added", "changed", "removed"]);
    expect(differingFields(right, left)).toEqual(["added", "changed", "removed"]);
  });

  it("are none where only the order of names differs, however deep", () => {
    fc.assert(
      fc.property(fields, (document) => {
        expect(differingFields(JSON.stringify(document), reversed(document))).toEqual([]);
      }),
    );
  });

  it("are exactly those that were changed", () => {
    fc.assert(
      fc.property(fields, fc.array(fc.nat({ max: 4 })), (document, places) => {
        const names = Object.keys(document);
        const changed = new Set(places.flatMap((place) => names[place] ?? []));
        const entries = Object.entries(document).map(([name, value]) => [
          name,
          changed.has(name) ? { was: value } : value,
        ]);
        const other = JSON.stringify(Object.fromEntries(entries));
        expect(differingFields(JSON.stringify(document), other)).toEqual([...changed].sort());
      }),
    );
  });

  it("tells numbers apart that a JavaScript number cannot", () => {
    expect(differingFields('{"n":9007199254740993}', '{"n":9007199254740992}')).toEqual(["n"]);
    expect(
      differingFields('{"n":[{"m":0.12345678901234567890}]}', '{"n":[{"m":0.12345678901234567891}]}'),
    ).toEqual(["n"]);
    expect(differingFields('{"n":9007199254740993}', '{"n":9007199254740993}')).toEqual([]);
  });

  it("tells a number from a text of the same digits", () => {
    expect(differingFields('{"a":1,"b":[{"c":2}]}', '{"a":"1","b":[{"c":"2"}]}')).toEqual(["a", "b"]);
  });

  it("tells the order of a list, nulls and empty things apart", () => {
    const left = '{"list":[1,2],"null":null,"empty":{},"truth":true}';
    const right = '{"list":[2,1],"null":"","empty":[],"truth":false}';
    expect(differingFields(left, right)).toEqual(["empty", "list", "null", "truth"]);
  });

  it("knows a field called like what every object has", () => {
    expect(differingFields('{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}')).toEqual(["__proto__"]);
    expect(differingFields("{}", '{"constructor":1}')).toEqual(["constructor"]);
  });

  it("takes a text without fields for a document without any", () => {
    expect(differingFields("null", '{"a":1}')).toEqual(["a"]);
    expect(differingFields("5", "7")).toEqual([]);
  });
});
