import type { AttributeMap, AttributeValue } from "../core/attribute-value.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";
import type { SqlType } from "../core/sql/sql-type.ts";
import type { KafkaEvent } from "../fallback-consumer/kafka-event.ts";

/** The topic and the position in the log that events of a benchmark have. */
export const BENCH_TOPIC = "shop.public.bench";
export const BENCH_POSITION = 92_998_248n;

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Rows' creations as Lambda brings them from Debezium: one partition, JSON without schemas, in base64. */
export function makeBenchEvent(records: readonly AttributeMap[], firstOffset: number): KafkaEvent {
  const time = Date.now();
  const batch = records.map((record, place) => ({
    topic: BENCH_TOPIC,
    partition: 0,
    offset: firstOffset + place,
    timestamp: time,
    key: base64(JSON.stringify({ id: plain(record["id"]) })),
    value: base64(toEnvelope(record, time)),
    headers: [],
  }));
  return { records: { [`${BENCH_TOPIC}-0`]: batch } };
}

/** As the recordings of `test/fixtures/debezium` are written. */
function toEnvelope(record: AttributeMap, time: number): string {
  const row = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, plain(value)]));
  const after = JSON.stringify(row);
  const source = `{"version":"3.3.1.Final","connector":"postgresql","name":"shop","ts_ms":${time},"snapshot":"false","db":"shop","sequence":"[\\"${BENCH_POSITION}\\",\\"${BENCH_POSITION}\\"]","ts_us":${time}251,"ts_ns":${time}251000,"schema":"public","table":"bench","txId":1019,"lsn":${BENCH_POSITION},"xmin":null}`;
  return `{"before":null,"after":${after},"source":${source},"transaction":null,"op":"c","ts_ms":${time},"ts_us":${time}328,"ts_ns":${time}328134}`;
}

/** The columns a table of such rows has. */
export function toBenchColumns(record: AttributeMap): readonly SqlColumn[] {
  return Object.entries(record).map(([name, value]) => ({ name, type: typeOf(value), isKey: name === "id" }));
}

function typeOf(value: AttributeValue): SqlType {
  if ("N" in value) return { kind: "number" };
  if ("BOOL" in value) return { kind: "boolean" };
  return "S" in value ? { kind: "text" } : { kind: "json" };
}

/** Numbers of the benchmark's records are small; what is nested is JSON in its column. */
function plain(value: AttributeValue | undefined): string | number | boolean | null {
  if (value === undefined || "NULL" in value) return null;
  if ("S" in value) return value.S;
  if ("N" in value) return Number(value.N);
  return "BOOL" in value ? value.BOOL : JSON.stringify(unwrap(value));
}

function unwrap(value: AttributeValue): unknown {
  if ("L" in value) return value.L.map(unwrap);
  if ("SS" in value) return value.SS;
  if ("M" in value)
    return Object.fromEntries(Object.entries(value.M).map(([name, member]) => [name, unwrap(member)]));
  return plain(value);
}
