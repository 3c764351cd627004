import { toManagedScalar } from "../../../../core/sql/managed/managed-scalar.ts";

/** What Data Prepper's handlers make of the same text, read in their sources. */
it.each([
  ["int8", "9007199254740993", { N: "9007199254740993" }],
  ["float8", "1.5e+300", { N: "1.5e+300" }],
  ["float8", "NaN", { S: "NaN" }],
  ["float4", "-Infinity", { S: "-Infinity" }],
  ["numeric", "12.50", { S: "12.50" }],
  ["bool", "t", { BOOL: true }],
  ["date", "2026-11-25", { N: String(Date.parse("2026-11-25")) }],
  ["date", "infinity", { N: String(Date.parse("9999-12-31")) }],
  ["time", "10:11:12.123456", { N: "36672123" }],
  ["timetz", "10:11:12+02", { N: String(36_672_000 - 7_200_000) }],
  ["timestamp", "2026-11-25 10:11:12.123999", { N: String(Date.parse("2026-11-25T10:11:12.123Z")) }],
  ["timestamp", "-infinity", { N: "0" }],
  ["timestamptz", "2026-11-25 10:11:12+00", { N: String(Date.parse("2026-11-25T10:11:12Z")) }],
  ["timestamptz", "2026-11-25 10:11:12.5+05:30", { N: String(Date.parse("2026-11-25T04:41:12.500Z")) }],
  ["timestamptz", "infinity", { N: String(Date.parse("9999-12-31T23:59:59Z")) }],
  ["timestamp", "0044-03-15 00:00:00 BC", { S: "0044-03-15 00:00:00 BC" }],
  ["interval", "P1Y2M3DT4H5M6S", { S: "P1Y2M3DT4H5M6S" }],
  ["interval", "PT0S", { S: "PT0S" }],
  ["interval", "P-1DT3H", { S: "PT3H" }],
  ["interval", "PT1.5S", { S: "PT1.5S" }],
  ["money", "-$1,234.50", { M: { currency: { S: "$" }, amount: { N: "-1234.50" } } }],
  ["bit", "101", { N: "5" }],
  ["varbit", "", { NULL: true }],
  ["jsonb", '{"a": 1}', { S: '{"a": 1}' }],
  ["bytea", "\\x00ff", { S: "\\x00ff" }],
  ["uuid", "5b2a…", { S: "5b2a…" }],
  ["int4range", "[1,5)", { M: { gte: { N: "1" }, lt: { N: "5" } } }],
  ["numrange", "(,2.5]", { M: { lte: { S: "2.5" } } }],
  ["daterange", "empty", { NULL: true }],
  [
    "tsrange",
    '["2026-01-01 00:00:00","2026-01-02 00:00:00")',
    {
      M: { gte: { N: String(Date.parse("2026-01-01")) }, lt: { N: String(Date.parse("2026-01-02")) } },
    },
  ],
  ["point", "(1,2.5)", { S: "POINT(1.000000 2.500000)" }],
  ["lseg", "[(0,0),(1,1)]", { S: "LINESTRING(0.000000 0.000000, 1.000000 1.000000)" }],
  ["line", "{1,-1,0}", { S: "LINESTRING(0.000000 0.000000, 1.000000 1.000000)" }],
  [
    "box",
    "(2,3),(0,1)",
    {
      S: "POLYGON((2.000000 3.000000, 0.000000 3.000000, 0.000000 1.000000, 2.000000 1.000000, 2.000000 3.000000))",
    },
  ],
  ["path", "[(0,0),(1,0)]", { S: "LINESTRING(0.000000 0.000000, 1.000000 0.000000)" }],
  [
    "polygon",
    "((0,0),(1,0),(1,1))",
    { S: "POLYGON((0.000000 0.000000, 1.000000 0.000000, 1.000000 1.000000, 0.000000 0.000000))" },
  ],
  ["circle", "<(1,2),3>", { M: { center: { M: { x: { N: "1" }, y: { N: "2" } } }, radius: { N: "3" } } }],
])("makes of %s %s what Data Prepper sends", (typeName, text, expected) => {
  expect(toManagedScalar(text, typeName)).toEqual(expected);
});
