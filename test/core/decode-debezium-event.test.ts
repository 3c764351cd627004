import { parseEnvelope } from "../../core/debezium-envelope.ts";
import { type DecodedTable, decodeDebeziumEvent, unknownColumns } from "../../core/decode-debezium-event.ts";
import type { KafkaRecord } from "../../core/kafka-record.ts";
import type { SqlType } from "../../core/sql/sql-type.ts";
import { isUntold } from "../../core/sql/untold-value.ts";
import { fixtureTables, readFixture } from "../support/debezium-fixtures.ts";

function decode(record: KafkaRecord, table: DecodedTable) {
  const envelope = parseEnvelope(record.value ?? "");
  if (envelope === undefined) throw new Error("tells of no row");
  return decodeDebeziumEvent(record, envelope, table);
}

/** What a recording says of one table, in the order of the partitions. */
function decodeAll(name: string, table: keyof typeof fixtureTables) {
  return readFixture(name, `shop.public.${table}`)
    .filter(({ value }) => value !== null && parseEnvelope(value)?.op !== "t")
    .map((record) => decode(record, fixtureTables[table]));
}

/** What the events of the table customers say of their place: the last commit before, and their own. */
function sequencesOf(name: string): readonly (readonly (string | null)[])[] {
  const records = readFixture(name, "shop.public.customers");
  return records.map(({ value }) => JSON.parse(JSON.parse(value ?? "").source.sequence));
}

function withBigInts(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

describe("an event of Debezium", () => {
  it("tells of inserts, updates and deletes, without the row before under the default identity", () => {
    const events = decodeAll("changes", "customers").slice(0, 3);
    expect(events.map(({ event }) => event.op)).toEqual(["insert", "insert", "delete"]);
    expect(events.map(({ lacksOldRow }) => lacksOldRow)).toEqual([false, true, true]);
    expect(events[1]?.event).toMatchObject({
      recordId: "1",
      key: { id: { N: "1" } },
      image: { name: { S: "Ada Lovelace" }, balance: { N: "12.5" } },
    });
    // Debezium fills the columns it does not know with what the table would refuse: none of it is believed.
    expect(events[2]?.event).not.toHaveProperty("oldImage");
  });

  it("tells the row before of a table whose identity is full, and every digit of it", () => {
    const [made, paid, gone] = decodeAll("changes", "orders");
    const total = { N: "123456789012345678901234567890.0123456789" };
    expect(made?.event).toMatchObject({ op: "insert", recordId: "7|9223372036854775807", image: { total } });
    expect(paid?.event).toMatchObject({
      op: "update",
      image: { state: { S: "paid" } },
      oldImage: { state: { S: "open" }, total },
    });
    expect(gone?.event).toMatchObject({ op: "delete", oldImage: { state: { S: "paid" } } });
    expect([paid, gone].map((one) => one?.lacksOldRow)).toEqual([false, false]);
  });

  it("has the version of the last commit before it, which several changes of one transaction share", () => {
    const versions = decodeAll("changes", "customers").map(({ event }) => event.version);
    const commits = sequencesOf("changes").map(([lastCommit]) => BigInt(lastCommit ?? 0));
    expect(versions).toEqual(commits);
    expect(new Set(versions.slice(3)).size).toBe(1);
  });

  it("has its own place as version while no commit before it is known", () => {
    const versions = decodeAll("first-transaction", "customers").map(({ event }) => event.version);
    const sequences = sequencesOf("first-transaction");
    expect(sequences.map(([lastCommit]) => lastCommit === null)).toEqual([true, true, false]);
    expect(versions).toEqual(sequences.map(([lastCommit, own]) => BigInt(lastCommit ?? own ?? 0)));
    expect(versions).toEqual(versions.toSorted((left, right) => (left < right ? -1 : 1)));
  });

  it.each(["interleaved", "incremental-snapshot", "read-only-snapshot", "changes", "key-change"] as const)(
    "has versions that never fall within a partition: %s",
    (name) => {
      for (const table of ["customers", "orders"] as const) {
        const records = readFixture(name, `shop.public.${table}`);
        for (const partition of [0, 1, 2]) {
          const versions = records
            .filter((record) => record.partition === partition && record.value !== null)
            .map(({ value }) => parseEnvelope(value ?? "")?.version ?? 0n);
          expect(versions).toEqual(versions.toSorted((left, right) => (left < right ? -1 : 1)));
        }
      }
    },
  );

  it("of an incremental snapshot is a read, above what came before it and not above what follows", () => {
    const third = decodeAll("incremental-snapshot", "customers").filter(
      ({ event }) => event.recordId === "3",
    );
    expect(third.map(({ event }) => event.op)).toEqual(["insert", "read", "insert"]);
    const [made = 0n, read = 0n, changed = 0n] = third.map(({ event }) => event.version);
    expect(made < read && read <= changed).toBe(true);
  });

  it("tells a changed key as a delete and a create, whose row is not all there where a large value was not touched", () => {
    const events = decodeAll("key-change", "customers");
    const of = (id: string) => events.filter(({ event }) => event.recordId === id);
    expect(of("1").map(({ event }) => event.op)).toEqual(["insert", "delete"]);
    expect(of("11").map(({ event, isPartial }) => [event.op, isPartial])).toEqual([["insert", false]]);
    expect(of("12").map(({ event, isPartial }) => [event.op, isPartial])).toEqual([["insert", true]]);
    expect(decodeAll("key-change", "orders").every(({ isPartial }) => !isPartial)).toBe(true);
  });

  it("is partial where a large value was not touched, and also where somebody wrote the placeholder", () => {
    const partial = decodeAll("unchanged-toast", "customers").map(({ isPartial }) => isPartial);
    expect(partial).toEqual([false, true, false, true]);
  });

  it("names the row of a partitioned table by all of its key", () => {
    const ids = decodeAll("partitioned", "readings").map(({ event }) => `${event.op} ${event.recordId}`);
    expect(ids).toEqual([
      "insert 1|2025-06-01",
      "insert 1|2025-06-01",
      "delete 1|2025-06-01",
      "insert 1|2026-01-01",
      "insert 1|2026-06-01",
      "delete 1|2026-06-01",
    ]);
  });

  it("leaves out columns that the table no longer has, and says which it does not know", () => {
    const [first, ...changed] = readFixture("schema-change", "shop.public.customers");
    const columns = fixtureTables.customers.columns.filter(({ name }) => name !== "email");
    const table = { ...fixtureTables.customers, columns };
    if (first === undefined) throw new Error("nothing recorded");
    expect(decode(first, table).event).toHaveProperty("image.name");
    expect(decode(first, table).event).not.toHaveProperty("image.email");
    const unknown = changed.map(({ value }) => {
      const envelope = parseEnvelope(value ?? "");
      return envelope === undefined ? [] : unknownColumns(envelope, fixtureTables.customers.columns);
    });
    expect(unknown).toEqual([["vip"], ["vip"], ["full_name", "vip"], ["full_name", "vip"]]);
  });

  it("without a key is refused: its place among others is not certain", () => {
    for (const record of readFixture("no-key")) {
      expect(() => decode(record, fixtureTables.customers)).toThrow(/EVENT_UNDECODABLE.*key: null/);
    }
  });

  it.each([
    ["no JSON", "{", /EVENT_UNDECODABLE/],
    ["no envelope", '{"ts_ms":1}', /EVENT_UNDECODABLE/],
    ["an unknown operation", '{"op":"x","source":{}}', /EVENT_UNDECODABLE/],
    ["no place in the log", '{"op":"c","source":{"sequence":"[null,null]","lsn":null}}', /POSITION_INVALID/],
    [
      "a place past every version",
      '{"op":"c","source":{"sequence":"[\\"9223372036854775808\\",null]"}}',
      /POSITION_INVALID/,
    ],
    ["a place below every version", '{"op":"c","source":{"lsn":0}}', /POSITION_INVALID/],
  ])("is refused with %s", (_what, value, refusal) => {
    expect(() => parseEnvelope(value)).toThrow(refusal);
  });

  it.each([
    "changes",
    "every-type",
    "truncate",
    "first-transaction",
    "incremental-snapshot",
    "unchanged-toast",
  ])("is read the same in its usual form and wrapped with a schema: %s", (name) => {
    for (const { value } of readFixture(name)) {
      const wrapped = `{"schema":{"type":"struct"},"payload":${value}}`;
      expect(JSON.stringify(parseEnvelope(wrapped), withBigInts)).toBe(
        JSON.stringify(parseEnvelope(value ?? ""), withBigInts),
      );
    }
  });

  it("that was a message in the log tells of no row", () => {
    expect(parseEnvelope('{"op":"m","message":{"prefix":"x"},"source":{}}')).toBeUndefined();
  });
});

describe("a value that an event does not tell", () => {
  it("is found for every type that can lie outside its row, as Debezium 3.3 writes each", () => {
    const [, update] = readFixture("unchanged-toast", "shop.public.large_values");
    const row = parseEnvelope(update?.value ?? "")?.after ?? {};
    const kinds = { a_bytea: "binary", a_hstore: "hstore", a_numeric: "number" } as const;
    const untold = Object.keys(row).filter((name) => {
      const kind = new Map<string, "binary" | "hstore" | "number">(Object.entries(kinds)).get(name) ?? "text";
      const type: SqlType = name.startsWith("some_")
        ? { kind: "array", element: { kind: "text" } }
        : { kind };
      return isUntold(row[name] ?? null, type, true);
    });
    expect(untold).toEqual(Object.keys(row).filter((name) => name !== "id" && name !== "touched"));
  });

  it("may be told by null only where the whole row is not in the log", () => {
    expect(isUntold(null, { kind: "binary" }, true)).toBe(true);
    expect(isUntold(null, { kind: "binary" }, false)).toBe(false);
    expect(isUntold(null, { kind: "text" }, true)).toBe(false);
  });
});
