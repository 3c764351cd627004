import { fromText } from "../../../core/sql/from-text.ts";
import type { SqlType } from "../../../core/sql/sql-type.ts";

const number: SqlType = { kind: "number" };
const texts: SqlType = { kind: "array", element: { kind: "text" } };

describe("a value of PostgreSQL from its text", () => {
  it.each<[string, string, SqlType, object]>([
    ["a padded numeric", "1.50", number, { N: "1.5" }],
    ["a numeric of zeros", "0.000", number, { N: "0" }],
    ["an integer with every digit", "-9223372036854775808", number, { N: "-9223372036854775808" }],
    ["a numeric that is no number", "NaN", number, { S: "NaN" }],
    ["a double with an exponent", "1e+300", { kind: "double" }, { N: "1e300" }],
    ["a real by its shortest digits", "0.1", { kind: "float" }, { N: "0.1" }],
    ["a negative zero", "-0", { kind: "double" }, { N: "0" }],
    ["money", "-$1,234.50", { kind: "money" }, { N: "-1234.5" }],
    ["one bit", "1", { kind: "bits", length: 1 }, { BOOL: true }],
    ["bits", "0101", { kind: "bits", length: 4 }, { S: "0101" }],
    ["bytes", "\\x00ff", { kind: "binary" }, { B: "AP8=" }],
    ["a date before Christ", "0044-03-15 BC", { kind: "date" }, { S: "-0043-03-15" }],
    ["a date past four digits", "10000-01-01", { kind: "date" }, { S: "+10000-01-01" }],
    ["midnight at the end of a day", "24:00:00", { kind: "time" }, { S: "00:00:00" }],
    ["a time in another zone", "00:30:00.5+02", { kind: "timetz" }, { S: "22:30:00.5Z" }],
    ["a timestamp", "2026-11-25 10:11:12.120", { kind: "timestamp" }, { S: "2026-11-25T10:11:12.12" }],
    ["a moment", "2026-12-31 23:30:00-01:30", { kind: "timestamptz" }, { S: "2027-01-01T01:00:00Z" }],
    ["the end of time", "infinity", { kind: "timestamptz" }, { S: "infinity" }],
    ["an interval of two signs", "P-1Y1DT-0.000001S", { kind: "interval" }, { S: "P-1Y1DT-0.000001S" }],
    ["an empty interval", "PT0S", { kind: "interval" }, { S: "PT0S" }],
    ["a point", "(1.50,-2)", { kind: "point" }, { M: { x: { N: "1.5" }, y: { N: "-2" } } }],
    ["JSON with many digits", '{"a": [12345678901234567890, null]}', { kind: "json" }, jsonValue()],
    ["an hstore", '"k"=>"v\\"", "n"=>NULL', { kind: "hstore" }, { M: { k: { S: 'v"' }, n: { NULL: true } } }],
    ["an empty hstore", "", { kind: "hstore" }, { M: {} }],
    [
      "an array",
      '{a,"b,\\"c",NULL,"NULL"}',
      texts,
      list([{ S: "a" }, { S: 'b,"c' }, { NULL: true }, { S: "NULL" }]),
    ],
    ["an empty array", "{}", texts, { L: [] }],
    [
      "an array with bounds",
      "[0:1]={1,2}",
      { kind: "array", element: number },
      list([{ N: "1" }, { N: "2" }]),
    ],
  ])("reads %s", (_what, text, type, value) => {
    expect(fromText(text, type)).toEqual(value);
  });

  it("reads null whatever the type", () => {
    expect(fromText(null, { kind: "json" })).toEqual({ NULL: true });
  });

  it.each<[string, SqlType]>([
    ["yesterday", { kind: "date" }],
    ["soon", { kind: "timestamptz" }],
    ["1 day", { kind: "interval" }],
    ["{a", texts],
    ['"k"', { kind: "hstore" }],
  ])("refuses %s where it is of another type", (text, type) => {
    expect(() => fromText(text, type)).toThrow(/EVENT_UNDECODABLE/);
  });
});

function jsonValue(): object {
  return { M: { a: list([{ N: "12345678901234567890" }, { NULL: true }]) } };
}

function list(items: readonly object[]): object {
  return { L: items };
}
