import { writeJson } from "../../../../../local/stand-ins/ingestion/event.ts";
import { toKeyText, toPlainItem } from "../../../../../local/stand-ins/ingestion/source/plain-item.ts";

describe("an item as plain data", () => {
  it("has every type DynamoDB has", () => {
    const item = {
      s: { S: 'a"b' },
      n: { N: "12345678901234567890.12345678901234567" },
      b: { B: "AAE=" },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ N: "1" }, { M: { x: { S: "y" } } }] },
      map: { M: {} },
      texts: { SS: ["a", "b"] },
      numbers: { NS: ["1.0", "0.0000001"] },
      binaries: { BS: ["AA=="] },
    };
    expect(writeJson(toPlainItem(item))).toBe(
      '{"s":"a\\"b","n":12345678901234567890.12345678901234567,"b":"AAE=","yes":true,"nothing":null,"list":[1,{"x":"y"}],"map":{},"texts":["a","b"],"numbers":[1.0,1E-7],"binaries":["AA=="]}',
    );
  });

  it("keeps an attribute called __proto__", () => {
    const item = JSON.parse('{"__proto__":{"S":"x"}}');
    expect(writeJson(toPlainItem(item))).toBe('{"__proto__":"x"}');
  });

  it("is refused with a type nobody knows", () => {
    for (const item of [
      { a: { X: "1" } },
      { a: {} },
      { a: null },
      { a: { N: "x" } },
      { a: { XS: ["1"] } },
      { a: { SS: [1] } },
    ]) {
      expect(() => toPlainItem(item)).toThrow(RangeError);
    }
  });
});

describe("a key's text", () => {
  it("is a number as it came in the stream, and plain in the export", () => {
    expect(toKeyText({ N: "1E+2" }, "stream")).toBe("1E+2");
    expect(toKeyText({ N: "1E+2" }, "export")).toBe("100");
    expect(toKeyText({ S: "a|b" }, "export")).toBe("a|b");
  });

  it("is refused of binary keys, of which Data Prepper makes no ids", () => {
    expect(() => toKeyText({ B: "AA==" }, "stream")).toThrow(RangeError);
  });
});
