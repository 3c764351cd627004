import { parseTableName, quoteName, quoteTable } from "../../../core/sql/names.ts";
import { parseColumns } from "../../../core/sql/read-columns.ts";
import { tableKeyOf } from "../../../core/sql/sql-column.ts";

const row = (name: string, type: string, isKey = "f", more: readonly string[] = ["b", "-1", "0"]) => [
  name,
  type,
  ...more,
  isKey,
];

describe("a table's columns", () => {
  it("have the type that says how their values are written", () => {
    const columns = parseColumns([
      row("a", "int4"),
      row("b", "mood", "f", ["e", "-1", "0"]),
      row("c", "bit", "f", ["b", "12", "0"]),
      row("d", "varbit"),
      row("e", "float8", "f", ["b", "-1", "1"]),
      row("f", "place", "f", ["c", "-1", "0"]),
    ]);
    expect(columns.map(({ type }) => type)).toEqual([
      { kind: "number" },
      { kind: "text" },
      { kind: "bits", length: 12 },
      { kind: "bits" },
      { kind: "array", element: { kind: "double" } },
      { kind: "opaque" },
    ]);
  });

  it("tell the key of the table in its order", () => {
    const columns = parseColumns([
      row("tenant", "uuid", "t"),
      row("id", "int8", "t"),
      row("at", "timestamptz", "t"),
      row("bytes", "bytea", "t"),
      row("name", "text"),
    ]);
    expect(tableKeyOf(columns, "public.t")).toEqual({
      partitionKey: { name: "tenant", type: "S" },
      sortKey: { name: "id", type: "N" },
      furtherKeys: [
        { name: "at", type: "S" },
        { name: "bytes", type: "B" },
      ],
    });
    expect(tableKeyOf(columns.slice(1, 2), "public.t")).toEqual({ partitionKey: { name: "id", type: "N" } });
    expect(tableKeyOf(columns.slice(0, 2), "public.t")).not.toHaveProperty("furtherKeys");
  });

  it.each([
    ["without a key", [row("name", "text")], /no primary key/],
    ["whose key is a boolean", [row("yes", "bool", "t")], /column of type boolean/],
  ])("of a table %s are refused as a key", (_what, rows, refusal) => {
    expect(() => tableKeyOf(parseColumns(rows), "public.t")).toThrow(refusal);
  });
});

describe("a table's name", () => {
  it("is of a schema and quoted in statements, whatever is in it", () => {
    expect(parseTableName("public.a.b")).toEqual({ schema: "public", name: "a.b" });
    expect(quoteTable('public.say "hi"')).toBe('"public"."say ""hi"""');
    expect(quoteName("x")).toBe('"x"');
    expect(() => parseTableName("orders")).toThrow(/COMMAND_INVALID/);
  });
});
