import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AttributeValue } from "../../../core/attribute-value.ts";
import { parseEnvelope } from "../../../core/debezium-envelope.ts";
import { fromDebezium } from "../../../core/sql/from-debezium.ts";
import { fromText } from "../../../core/sql/from-text.ts";
import { parseColumns } from "../../../core/sql/read-columns.ts";
import type { SqlType } from "../../../core/sql/sql-type.ts";
import { isUntold } from "../../../core/sql/untold-value.ts";
import { readFixture } from "../../support/debezium-fixtures.ts";

const [head = "", ...lines] = readFileSync(
  join(__dirname, "../../fixtures/postgres/every-type.jsonl"),
  "utf8",
)
  .trim()
  .split("\n");
const columns = parseColumns(JSON.parse(head).columns);
const rows: readonly { readonly name: string; readonly row: readonly (string | null)[] }[] = lines.map(
  (line) => JSON.parse(line),
);

/** The states of the rows in the order they had them: as PostgreSQL wrote them, and as Debezium did. */
function* statesOf(name: string, script: string) {
  const seen = new Map<string, number>();
  for (const { value } of readFixture(name)) {
    const after = parseEnvelope(value ?? "")?.after;
    if (after === undefined) continue;
    const id = String(after["id"]);
    const states = rows.filter((one) => one.name === script && one.row[0] === id);
    const state = states[seen.get(id) ?? 0];
    seen.set(id, (seen.get(id) ?? 0) + 1);
    yield { after, row: state?.row ?? [] };
  }
}

describe("a value of PostgreSQL from an event of Debezium", () => {
  it.each([
    ["every-type", "every-type"],
    ["every-type-with-schemas", "every-type"],
    ["strange-times", "strange-times"],
  ])("is the value that a query of the same row gives, whatever its type: %s", (name, script) => {
    const states = [...statesOf(name, script)];
    expect(states.length).toBeGreaterThan(5);
    for (const { after, row } of states) {
      for (const [place, { name: column, type }] of columns.entries()) {
        const value = after[column] ?? null;
        const told = isUntold(value, type, false) ? "untold" : fromDebezium(value, type);
        const read = column === "a_matrix" && row[place] ? "untold" : fromText(row[place] ?? null, type);
        expect({ column, value: told }).toEqual({ column, value: read });
      }
    }
  });

  it.each<[string, Parameters<typeof fromDebezium>[0], SqlType, AttributeValue]>([
    ["a date as days", 20_782, { kind: "date" }, { S: "2026-11-25" }],
    ["a time as microseconds", 36_672_500_000, { kind: "time" }, { S: "10:11:12.5" }],
    [
      "a timestamp as microseconds",
      1_795_601_472_000_001,
      { kind: "timestamp" },
      { S: "2026-11-25T10:11:12.000001" },
    ],
    ["an integer in a text column's place", 5, { kind: "number" }, { N: "5" }],
    ["an hstore as an object", { k: "v" }, { kind: "hstore" }, { M: { k: { S: "v" } } }],
  ])("reads %s too, as other settings of the connector write it", (_what, value, type, expected) => {
    expect(fromDebezium(value, type)).toEqual(expected);
  });

  it("refuses a value that is none of its column's type", () => {
    expect(() => fromDebezium("x", { kind: "boolean" })).toThrow(/EVENT_UNDECODABLE/);
    expect(() => fromDebezium(["x"], { kind: "text" })).toThrow(/EVENT_UNDECODABLE/);
    expect(() => fromDebezium({ x: 1 }, { kind: "text" })).toThrow(/EVENT_UNDECODABLE/);
  });
});
