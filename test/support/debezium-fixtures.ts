import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KafkaRecord } from "../../core/kafka-record.ts";
import type { SqlColumn } from "../../core/sql/sql-column.ts";
import type { SqlType } from "../../core/sql/sql-type.ts";

const folder = join(__dirname, "../fixtures/debezium");

/** What Debezium made of the statements in `test/fixtures/debezium/<name>.sql`, partition by partition. */
export function readFixture(name: string, topic?: string): readonly KafkaRecord[] {
  const lines = readFileSync(join(folder, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const records = lines.map(parseLine);
  return topic === undefined ? records : records.filter((record) => record.topic === topic);
}

function parseLine(line: string): KafkaRecord {
  const { headers, ...record } = JSON.parse(line);
  return { ...record, headers: headers.map(([name]: readonly [string]) => name) };
}

function columns(
  kinds: Readonly<Record<string, SqlType["kind"]>>,
  keys: readonly string[],
): readonly SqlColumn[] {
  return Object.entries(kinds).map(([name, kind]) => ({
    name,
    type: kind === "array" ? { kind, element: { kind: "text" } } : { kind },
    isKey: keys.includes(name),
  }));
}

/** Tables of `schema.sql`, as the catalog tells of them. */
export const fixtureTables = {
  customers: {
    key: { partitionKey: { name: "id", type: "N" } },
    columns: columns(
      {
        id: "number",
        name: "text",
        email: "text",
        balance: "number",
        notes: "text",
        joined_at: "timestamptz",
      },
      ["id"],
    ),
    tellsOldRows: false,
  },
  orders: {
    key: { partitionKey: { name: "tenant", type: "N" }, sortKey: { name: "id", type: "N" } },
    columns: columns(
      {
        tenant: "number",
        id: "number",
        customer_id: "number",
        state: "text",
        total: "number",
        attributes: "json",
        notes: "text",
      },
      ["tenant", "id"],
    ),
    tellsOldRows: true,
  },
  readings: {
    key: { partitionKey: { name: "sensor", type: "N" }, sortKey: { name: "day", type: "S" } },
    columns: columns({ sensor: "number", day: "date", celsius: "double" }, ["sensor", "day"]),
    tellsOldRows: false,
  },
} as const;
