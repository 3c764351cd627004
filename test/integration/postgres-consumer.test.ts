import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { readColumns } from "../../adapters/postgres-columns.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { readRows } from "../../adapters/postgres-rows.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { toDocumentText } from "../../core/document.ts";
import { toDocumentId, toKey, toRecordId } from "../../core/document-id.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import type { KafkaRecord } from "../../core/kafka-record.ts";
import type { SqlSession } from "../../core/ports/sql-session.ts";
import { fromText } from "../../core/sql/from-text.ts";
import { quoteName, quoteTable } from "../../core/sql/names.ts";
import { tableKeyOf } from "../../core/sql/sql-column.ts";
import { defineTransform } from "../../core/transform.ts";
import { PostgresConsumer } from "../support/postgres-consumer.ts";
import {
  type DebeziumSource,
  fixturesFolder,
  type StreamingEngines,
  startDebeziumSource,
} from "./debezium-source.ts";
import { listTopics, readTopics } from "./kafka-topics.ts";
import { makeFolder, startStreamingEngines, stopStreamingEngines } from "./streaming-engines.ts";

jest.setTimeout(400_000);

const endpoint = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const TABLES = [
  "public.customers",
  "public.orders",
  "public.readings",
  "public.large_values",
  "public.every_type",
];
/** A record becomes as many documents as the name of its customer has words. */
const words = defineTransform({
  transform: (records) =>
    records.map(({ recordId, item }) =>
      String(item["name"])
        .split(" ")
        .map((word, place) => ({ id: `${recordId}#${place}`, document: { word } })),
    ),
});

const folder = makeFolder();
let engines: StreamingEngines;
let source: DebeziumSource;
let session: SqlSession;
let consumers: PostgresConsumer[] = [];
let wordConsumer: PostgresConsumer;
const checkpoints = new Map<string, number>();

beforeAll(async () => {
  engines = await startStreamingEngines(folder);
  source = await startDebeziumSource(engines, "postgres-consumer");
  const { hostname, port, pathname, username, password } = new URL(source.url);
  session = makePostgres(
    {
      engine: "postgresql",
      host: hostname,
      port: Number(port),
      database: pathname.slice(1),
      secretArn: "s",
      tls: "off",
    },
    async () => ({ username, password }),
  );
  await session.query("create table trueup.watermark (id text primary key, written_at timestamptz not null)");
  consumers = await Promise.all(TABLES.map((table) => PostgresConsumer.make(endpoint, session, table)));
  wordConsumer = await PostgresConsumer.make(endpoint, session, "public.customers", words);
});

afterAll(async () => {
  await session.end();
  for (const consumer of [...consumers, wordConsumer]) await consumer.remove();
  await stopStreamingEngines(folder);
});

/** Delivers what is in the topics, each consumer's from where it stood, some records at a time. */
async function deliver(size: number): Promise<void> {
  const names = await listTopics(engines.kafka);
  for (const consumer of [...consumers, wordConsumer]) {
    const topic = `shop.${consumer.table}`;
    const events = names.includes(topic) ? await readTopics(engines.kafka, [topic]) : [];
    const records = events.map(
      (event): KafkaRecord => ({ ...event, headers: event.headers.map(([name]) => name) }),
    );
    for (;;) {
      const place = (partition: number) => `${consumer.index} ${partition}`;
      const due = [0, 1, 2].flatMap((partition) =>
        records
          .filter(
            (record) =>
              record.partition === partition && record.offset >= (checkpoints.get(place(partition)) ?? 0),
          )
          .slice(0, size),
      );
      if (due.length === 0) break;
      for (const [partition, next] of await consumer.consume(due)) checkpoints.set(place(partition), next);
    }
  }
}

/** Everything that is asked for is read again. */
async function reread(): Promise<void> {
  for (const consumer of [...consumers, wordConsumer]) {
    while (consumer.requests.length > 0) await consumer.reindex();
  }
}

/** Every row of a table, as records. */
async function rowsOf(table: string): Promise<readonly AttributeMap[]> {
  const columns = await readColumns(session, table);
  const rows = await session.query(
    `select ${columns.map(({ name }) => quoteName(name)).join(", ")} from ${quoteTable(table)}`,
  );
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, place) => [name, fromText(row[place] ?? null, type)])),
  );
}

async function expectEqual(consumer: PostgresConsumer): Promise<void> {
  const key = tableKeyOf(await readColumns(session, consumer.table), consumer.table);
  const rows = await rowsOf(consumer.table);
  const byId = (toText: (row: AttributeMap) => string) =>
    Object.fromEntries(rows.map((row) => [toDocumentId(toRecordId(toKey(row, key), key)), toText(row)]));
  const parsed = (text: string): unknown => JSON.parse(text);
  expect(Object.fromEntries(await consumer.documents())).toEqual(
    Object.fromEntries(Object.entries(byId(toDocumentText)).map(([id, text]) => [id, parsed(text)])),
  );
  // Every digit too, which JSON.parse would lose.
  expect(Object.fromEntries(consumer.fingerprints())).toEqual(byId(fingerprintRecord));
  expect(consumer.letters).toEqual([]);
  expect(consumer.gap).toBeUndefined();
}

async function expectWords(): Promise<void> {
  const rows = await rowsOf("public.customers");
  const expected = rows.flatMap(({ id, name }) => {
    const parts = name !== undefined && "S" in name ? name.S.split(" ") : [];
    return parts.map(
      (word, place) => [`${id !== undefined && "N" in id ? id.N : ""}#${place}`, word] as const,
    );
  });
  const found = [...(await wordConsumer.documents())].map(
    ([id, document]) => [id, Reflect.get(document, "word")] as const,
  );
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
}

async function expectAllEqual(): Promise<void> {
  for (const consumer of consumers) await expectEqual(consumer);
  await expectWords();
}

const script = (name: string): string => readFileSync(join(fixturesFolder, `${name}.sql`), "utf8");
const clean =
  "DELETE FROM customers;\nDELETE FROM orders;\nDELETE FROM readings;\nDELETE FROM large_values;\nDELETE FROM every_type;";

describe("PostgreSQL, Debezium, Kafka and OpenSearch", () => {
  it.each([
    ["the first transaction, before which no commit is known", "first-transaction"],
    ["inserts, updates and deletes, several of a row in one transaction", "changes"],
    ["transactions that overlap", "interleaved"],
    ["changed keys", "key-change"],
    ["large values that a change does not touch", "unchanged-toast"],
    ["rows of partitions", "partitioned"],
    ["an incremental snapshot", "incremental-snapshot"],
    ["every type of column", "every-type"],
    ["times that other systems do not have", "strange-times"],
    ["truncates", "truncate"],
  ])("end with an index equal to the table: %s", async (_what, name) => {
    await source.run(
      script(name).replaceAll("trueup.signals VALUES ('snapshot-1'", `trueup.signals VALUES ('${name}'`),
    );
    await deliver(2);
    await reread();
    await expectAllEqual();
    await source.run(clean);
    await deliver(100);
    await reread();
    await expectAllEqual();
  });

  it("end with an index equal to the table: rows read again while transactions that change them are open", async () => {
    const clients = await Promise.all([1, 2, 3].map(async () => connect(source.url)));
    const [customers] = consumers;
    await source.run(
      "INSERT INTO customers SELECT n, 'customer ' || n, NULL, 0, NULL, NULL FROM generate_series(1, 30) AS n;",
    );
    await deliver(100);
    let over = false;
    const random = makeRandom(20_261_125);
    const writing = clients.map(async (client, place) => {
      for (let round = 0; !over; round += 1) {
        await client.query("begin");
        // Each its own rows, so that none waits for another.
        const id = 1 + place * 10 + Math.floor(random() * 10);
        await client.query("update customers set balance = $1 where id = $2", [round, id]);
        await client.query("select pg_sleep($1)", [random() * 0.3]);
        await client.query(random() < 0.8 ? "commit" : "rollback");
      }
    });
    for (let round = 0; round < 8; round += 1) {
      for (let id = 1; id <= 30; id += 1) customers?.ask(String(id));
      await customers?.reindex();
      if (round === 3) await deliver(50);
    }
    over = true;
    await Promise.all(writing);
    await Promise.all(clients.map(async (client) => client.end()));
    await source.run("");
    await deliver(50);
    await reread();
    await expectAllEqual();
  });

  it("read rows again whose key no row can have, without a word", async () => {
    const keys = [{ id: { N: "1" } }, { id: { N: "99999999999999999999" } }, { id: { S: "no number" } }];
    const found = await readRows(session, "public.customers", keys);
    expect(found.map((record) => record?.["id"])).toEqual([{ N: "1" }, undefined, undefined]);
  });
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
