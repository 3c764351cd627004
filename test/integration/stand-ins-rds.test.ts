import { CreateBucketCommand } from "@aws-sdk/client-s3";
import pg from "pg";
import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";
import { readSentLine, type SentLine } from "../../core/read-sent-line.ts";
import { toManagedValue } from "../../core/sql/managed/managed-value.ts";
import { type PostgresEngine, startPostgres, stopPostgres } from "../../local/engines/postgres.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";
import {
  controlPipeline,
  createIndex,
  patience,
  readIndex,
  readLines,
  toRdsProperties,
} from "./ingestion-world.ts";
import { freePort, makeFolder } from "./streaming-engines.ts";

const bucket = `rds-${process.pid}`;
const folder = makeFolder();
const name = `rds-orders-${process.pid}`;
let world: GatewayWorld;
let postgres: PostgresEngine;
let database: pg.Client;

jest.setTimeout(180_000);

const TABLE = `
  CREATE TABLE orders (
    id bigint PRIMARY KEY, n bigint, price numeric(20, 5), tags text[], facts jsonb, placed_at timestamptz, day date,
    took interval, paid boolean, code bytea, note text, at point, span int4range
  );
  ALTER TABLE orders ALTER COLUMN note SET STORAGE EXTERNAL`;
const ROW = `INSERT INTO orders SELECT id, id, id * 1.25, ARRAY['a', 'b' || id], jsonb_build_object('id', id),
  TIMESTAMPTZ '2026-11-25 10:11:12.123456+02', DATE '2026-11-25', INTERVAL '1 day 02:03:04', id % 2 = 0,
  decode('00ff', 'hex'), repeat('long ' || id, 1000), point(id, 0.5), int4range(1, 5)
  FROM generate_series($1::int, $2::int) AS id`;

beforeAll(async () => {
  world = await startGatewayWorld();
  await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  postgres = await startPostgres({ port: await freePort(), folder });
  database = new pg.Client({
    connectionString: postgres.url,
    options: "-c timezone=UTC -c intervalstyle=iso_8601",
    types: { getTypeParser: () => (value: string) => value },
  });
  await database.connect();
  await database.query(TABLE);
  await database.query(ROW, [1, 100]);
  await createIndex(name);
  const place = { method: "PUT", body: JSON.stringify({ url: postgres.url }) };
  await fetch(`${world.gateway.url}/_trueup/database`, place);
  const put = await controlPipeline(world, name).put(
    toRdsProperties({ name, tableName: "public.orders", bucket, index: name }),
  );
  expect(put).toMatch(/^200 /);
});

afterAll(async () => {
  await controlPipeline(world, name).remove();
  await database.end();
  await stopPostgres(folder);
  await world.stop();
});

/** What was sent last of each row, by the order of versions that the index has. */
async function lastSent(): Promise<ReadonlyMap<string, SentLine>> {
  const last = new Map<string, SentLine>();
  const lines = await readLines(world, bucket, `sent/${name}/`);
  for (const line of lines.map((sent) => readSentLine(JSON.stringify(sent)))) {
    const before = last.get(line.id);
    if (before === undefined || line.version >= before.version) last.set(line.id, line);
  }
  return last;
}

/** Digests of the rows, each value read in SQL. */
async function digests(): Promise<ReadonlyMap<string, string>> {
  const { rows, fields } = await database.query("SELECT * FROM orders");
  const types = new Map<number, string>();
  for (const { oid, typname } of (await database.query("SELECT oid, typname FROM pg_type")).rows)
    types.set(Number(oid), typname);
  return new Map(
    rows.map((row) => {
      const values = fields.map(({ name: column, dataTypeID }) => [
        column,
        toManagedValue(row[column], types.get(dataTypeID) ?? ""),
      ]);
      return [row.id, fingerprintPlainRecord(Object.fromEntries(values))];
    }),
  );
}

async function untilSent(what: string, holds: (sent: ReadonlyMap<string, SentLine>) => boolean) {
  await waitUntil(what, async () => holds(await lastSent()), patience);
}

it("brings a snapshot and then the log, and tells the manifest digests that equal the rows'", async () => {
  await untilSent("the snapshot is told", (sent) => sent.size >= 100);
  await database.query(ROW, [101, 120]);
  await database.query("UPDATE orders SET n = n + 1000, note = 'short' WHERE id <= 10");
  await database.query("DELETE FROM orders WHERE id = 20");
  await database.query("UPDATE orders SET id = 1005 WHERE id = 5");
  await database.query("UPDATE orders SET n = -1 WHERE id = 1");
  await untilSent("the log is told", (sent) => sent.get("1005")?.deletes === false && sent.size >= 121);
  await waitUntil(
    "the index has it",
    async () => (await readIndex(name)).get("1")?.["n"]?.toString() === "-1",
    patience,
  );
  const rows = await digests();
  await waitUntil(
    "the manifest has it",
    async () => (await lastSent()).get("1")?.fingerprint === rows.get("1"),
    patience,
  );
  const live = [...(await lastSent())].filter(([, { deletes }]) => !deletes);
  expect(new Map(live.map(([id, { fingerprint }]) => [id, fingerprint]))).toEqual(rows);
  expect(new Set((await readIndex(name)).keys())).toEqual(new Set(rows.keys()));
});

it("leaves out a long value that did not change, and passes over a truncation, as Data Prepper does", async () => {
  await database.query("UPDATE orders SET n = 7 WHERE id = 30");
  await waitUntil(
    "the change is there",
    async () => (await readIndex(name)).get("30")?.["n"]?.toString() === "7",
    patience,
  );
  expect((await readIndex(name)).get("30")).not.toHaveProperty("note");
  await database.query("TRUNCATE orders");
  await database.query(ROW, [500, 500]);
  await waitUntil("a later row is there", async () => (await readIndex(name)).has("500"), patience);
  expect((await readIndex(name)).size).toBeGreaterThan(100);
});
