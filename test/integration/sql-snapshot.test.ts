import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { RDSClient } from "@aws-sdk/client-rds";
import { Client } from "pg";
import { makeKafkaLog } from "../../adapters/kafka-log.ts";
import { makeParquetExportFile } from "../../adapters/parquet-export-file.ts";
import { makePostgresColumns } from "../../adapters/postgres-columns.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { makePostgresExport } from "../../adapters/postgres-export.ts";
import { readSlot } from "../../adapters/postgres-slot.ts";
import { writeWatermark } from "../../adapters/postgres-watermark.ts";
import { makeRdsExport } from "../../adapters/rds-export.ts";
import { linesOf } from "../../core/bucketed-object.ts";
import { parseEnvelope } from "../../core/debezium-envelope.ts";
import { decodeDebeziumEvent } from "../../core/decode-debezium-event.ts";
import { fingerprintExportLine } from "../../core/export-fingerprint.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { judgeConnector, judgePartitions } from "../../core/log-horizon.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import type { OpenBytes } from "../../core/ports/byte-ranges.ts";
import type { SqlSession } from "../../core/ports/sql-session.ts";
import { tableKeyOf } from "../../core/sql/sql-column.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import {
  type AnswerRds,
  makeExportTaskActions,
} from "../../local/stand-ins/cluster-export/export-task-actions.ts";
import { makeExportTasks } from "../../local/stand-ins/cluster-export/export-tasks.ts";
import { MemoryObjects } from "../support/memory-objects.ts";
import {
  type DebeziumSource,
  fixturesFolder,
  type StreamingEngines,
  startDebeziumSource,
} from "./debezium-source.ts";
import { readTopics } from "./kafka-topics.ts";
import { makeFolder, startStreamingEngines, stopStreamingEngines } from "./streaming-engines.ts";

jest.setTimeout(300_000);

const patience = { withinMillis: 60_000, fix: "look at the connector's output" };
const CLUSTER = "arn:aws:rds:us-east-1:123456789012:cluster:shop";
const SLOT = "trueup_shop";
const folder = makeFolder();
let engines: StreamingEngines;
let source: DebeziumSource;
let session: SqlSession;

beforeAll(async () => {
  engines = await startStreamingEngines(folder);
  source = await startDebeziumSource(engines, "snapshot");
  const { hostname: host, port, username, password } = new URL(source.url);
  const connection = {
    engine: "postgresql",
    host,
    port: Number(port),
    database: "shop",
    secretArn: "s",
    tls: "off",
  } as const;
  session = makePostgres(connection, async () => ({ username, password }));
  await run("CREATE TABLE trueup.watermark (id text PRIMARY KEY, written_at timestamptz NOT NULL)");
});
afterAll(async () => {
  await session?.end();
  await stopStreamingEngines(folder);
});

async function run(statement: string): Promise<void> {
  const client = new Client({ connectionString: source.url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Reads a table as an audit does. */
async function readTable(tableName: string, store = new MemoryObjects()) {
  const exporter = makePostgresExport({
    tableName,
    primary: session,
    reader: session,
    readerName: "primary",
    readColumns: () => makePostgresColumns(session).read(tableName),
    store,
    bucket: "state",
    now: Date.now,
    newName: () => "n",
  });
  const { exportArn, exportTime } = await exporter.start({
    bucket: "state",
    prefix: "exports/t",
    token: "t",
  });
  const state = await exporter.check(exportArn, () => true);
  const texts = await Promise.all((await exporter.files(exportArn)).map(({ key }) => store.readText(key)));
  return { exportTime, state, lines: texts.flatMap((text) => linesOf(text ?? "")) };
}

interface Line {
  readonly Item: { readonly id: { readonly N: string } };
}
const byId = (one: Line, two: Line) => Number(one.Item.id.N) - Number(two.Item.id.N);

/** RDS on this machine, and the SDK's client of it. */
async function startRds(answer: AnswerRds) {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = new RDSClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const stop = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, stop };
}

const kafkaLog = () =>
  makeKafkaLog(
    { bootstrapServers: [engines.kafka.bootstrapServers], authentication: { kind: "none" } },
    async () => ({ username: "", password: "" }),
    async () => "",
  );

describe("a table of a PostgreSQL and its log", () => {
  it("is read with the fingerprints that its change events have, of every type", async () => {
    await source.run(readFileSync(join(fixturesFolder, "every-type.sql"), "utf8"));
    const tableName = "public.every_type";
    const columns = await makePostgresColumns(session).read(tableName);
    const key = tableKeyOf(columns, tableName);
    const streamed = new Map<string, string>();
    for (const { headers, ...record } of await readTopics(engines.kafka, [`shop.${tableName}`])) {
      const envelope = parseEnvelope(record.value ?? "");
      if (envelope === undefined) continue;
      const names = headers.map(([name]) => name);
      const table = { key, columns, tellsOldRows: true };
      const { event } = decodeDebeziumEvent({ ...record, headers: names }, envelope, table);
      if (event.op === "delete") streamed.delete(event.recordId);
      else streamed.set(event.recordId, fingerprintRecord(event.image ?? {}));
    }
    const { lines, state } = await readTable(tableName);
    const read = lines.map((line) => fingerprintExportLine(line, key, rulesOf("custom")));
    expect(streamed.size).toBeGreaterThan(2);
    expect(new Map(read.map(({ recordId, fingerprint }) => [recordId, fingerprint]))).toEqual(streamed);
    expect(state).toMatchObject({ state: "done", items: streamed.size });
  });

  it("is read whole, in the order of a key of two columns, page after page", async () => {
    await run(`INSERT INTO orders (tenant, id, customer_id, state, total)
      SELECT n % 7, n, 1, 'open', n * 1.5 FROM generate_series(1, 12000) AS n`);
    const { lines, exportTime } = await readTable("public.orders");
    const keys = lines
      .map((line) => JSON.parse(line).Item)
      .map(({ tenant, id }) => [Number(tenant.N), Number(id.N)]);
    const expected = Array.from({ length: 12_000 }, (_, place) => [(place + 1) % 7, place + 1]).sort(
      ([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d,
    );
    expect(keys).toEqual(expected);
    expect(Math.abs(exportTime - Date.now())).toBeLessThan(60_000);
  });

  it("is exported with its cluster as Parquet that gives the lines a query gives, of every type", async () => {
    await run(`CREATE TABLE exported AS SELECT * FROM every_type;
      ALTER TABLE exported DROP COLUMN an_oid, DROP COLUMN always_twice, ADD PRIMARY KEY (id)`);
    const tableName = "public.exported";
    const files = new Map<string, Uint8Array>();
    const store = new MemoryObjects();
    const put = async (_bucket: string, key: string, content: string | Uint8Array) => {
      files.set(key, Buffer.from(content));
      await store.writeText(key, typeof content === "string" ? content : "");
    };
    const tasks = makeExportTasks({
      put,
      urlOf: (arn) => (arn === CLUSTER ? source.url : undefined),
      now: Date.now,
    });
    const rds = await startRds(
      makeExportTaskActions(tasks, { send: () => Promise.reject(new Error("asked otherwise")) }),
    );
    try {
      const exporter = makeRdsExport({
        rds: rds.client,
        store,
        bucket: "state",
        settings: { kind: "cluster-export", clusterArn: CLUSTER, exportRoleArn: "role", keyArn: "key" },
        engine: "postgresql",
        database: "shop",
        tableName,
        readColumns: () => makePostgresColumns(session).read(tableName),
        now: Date.now,
      });
      const { exportArn } = await exporter.start({ bucket: "state", prefix: "exports/t", token: "t" });
      const isDone = async () => (await exporter.check(exportArn, () => true)).state === "done";
      await waitUntil("the export is complete", isDone, {
        withinMillis: 30_000,
        fix: "read the task's cause",
      });
      const open: OpenBytes = async ({ key }) => {
        const bytes = files.get(key) ?? new Uint8Array();
        return {
          byteLength: bytes.byteLength,
          slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
        };
      };
      const parquet = makeParquetExportFile(open, (_bucket, key) => store.readText(key));
      const lines: string[] = [];
      for (const file of await exporter.files(exportArn))
        for await (const block of parquet.readBlocks(file, 0)) lines.push(...block.texts());
      const queried = (await readTable(tableName)).lines;
      expect(lines.length).toBeGreaterThan(2);
      expect(lines.map((line) => JSON.parse(line)).sort(byId)).toEqual(
        queried.map((line) => JSON.parse(line)).sort(byId),
      );
    } finally {
      await rds.stop();
    }
  });

  it("has passed a moment once its slot confirms the watermark and every partition was dealt with to its end", async () => {
    await run("INSERT INTO customers (id, name) SELECT n, 'c' FROM generate_series(1, 50) AS n");
    const watermark = await writeWatermark(session, "test");
    await waitUntil(
      "the connector has passed the watermark",
      async () => judgeConnector(await readSlot(session, SLOT), watermark, false).kind === "passed",
      patience,
    );
    const log = kafkaLog();
    const topic = "shop.public.customers";
    const partitions = await log.partitions(topic);
    const ends = new Map(partitions.map(({ shard, end }) => [shard, end]));
    expect(partitions.reduce((sum, { earliest, end }) => sum + end - earliest, 0n)).toBe(50n);
    const at = (back: bigint) =>
      partitions.flatMap(({ shard, end }) =>
        end === 0n ? [] : [{ shard, sequence: String(end - back), time: 0 }],
      );
    expect(judgePartitions(ends, partitions, at(1n), false).kind).toBe("passed");
    expect(judgePartitions(ends, partitions, at(2n), false).kind).toBe("waiting");
    const [first] = partitions.filter(({ end }) => end > 0n);
    const time = await log.timeAt(topic, first?.shard ?? "", 0n);
    expect(Math.abs((time ?? 0) - Date.now())).toBeLessThan(120_000);
    expect(await log.timeAt(topic, first?.shard ?? "", first?.end ?? 0n)).toBeUndefined();
    await expect(log.partitions("shop.public.nothing")).rejects.toThrow(/^ENGINE_FAILED/);
  });

  it("tells a slot that nobody reads from one that is lost", async () => {
    await engines.connect.kill();
    await waitUntil(
      "nobody reads the slot",
      async () => (await readSlot(session, SLOT)).kind === "standing",
      patience,
    );
    await run(`SELECT pg_drop_replication_slot('${SLOT}')`);
    expect(await readSlot(session, SLOT)).toMatchObject({ kind: "lost" });
  });
});
