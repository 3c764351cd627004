/** index-lifecycle's resource of a managed pipeline's log, against a real PostgreSQL. */
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { LogicalReplicationService, PgoutputPlugin } from "pg-logical-replication";
import { makePostgresAdmin } from "../../adapters/postgres-admin.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { makePipelineLogAction } from "../../index-lifecycle/actions/pipeline-log-action.ts";
import { startPostgres, stopPostgres } from "../../local/engines/postgres.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { freePort, makeFolder } from "./streaming-engines.ts";

jest.setTimeout(120_000);

const folder = makeFolder();
const PREFIX = "data_prepper_t1a2b3c4d_";
const OTHER = "data_prepper_t1a2b3c4e_";
let client: Client;
let url: URL;
let action: ReturnType<typeof makePipelineLogAction>;
let spec: string;

beforeAll(async () => {
  const engine = await startPostgres({ port: await freePort(), folder });
  url = new URL(engine.url);
  client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query("create table orders (id int primary key)");
  const connection = {
    engine: "postgresql",
    host: url.hostname,
    port: Number(url.port),
    database: "postgres",
    secretArn: "arn:secret",
    tls: "off",
  } as const;
  const credentials = async () => ({ username: url.username, password: url.password });
  action = makePipelineLogAction({
    sourceAs: () => ({
      database: (known) => makePostgresAdmin(makePostgres(known, credentials)),
      kafka: () => {
        throw new Error("a managed pipeline has no Kafka");
      },
      slot: () => {
        throw new Error("a managed pipeline's slot is its own to look at");
      },
    }),
    pause: async () => {
      await pause(100);
    },
  });
  spec = JSON.stringify({
    source: "shop",
    roleArn: "r",
    connection,
    tableName: "public.orders",
    prefix: PREFIX,
  });
});

afterAll(async () => {
  await client.end();
  await stopPostgres(folder);
});

/** As Data Prepper does: a random end of the name. */
async function makeAsPipeline(prefix: string): Promise<void> {
  await client.query(`create publication ${prefix}pub_12345678 for table orders`);
  await client.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [`${prefix}slot_12345678`]);
}

async function left(): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select slot_name::text as name from pg_replication_slots union select pubname::text from pg_publication order by 1",
  );
  return rows.map(({ name }) => name);
}

it("is made where a pipeline could be, and leaves nothing in the database", async () => {
  await action.create(spec);
  expect(await left()).toEqual([]);
});

it("is refused for a table that its pipeline would not bring whole", async () => {
  await client.query(`
    create table parts (id int, at timestamp, total int generated always as (id * 2) stored, primary key (id, at))
    partition by range (id)`);
  await expect(action.create(spec.replace("public.orders", "public.parts"))).rejects.toThrow(
    /partitioned tables.*; also .*generated columns.*; also .*at of type timestamp/,
  );
});

it("goes with the slot and the publication of its pipeline, though something still reads them, and no other's", async () => {
  await makeAsPipeline(PREFIX);
  await makeAsPipeline(OTHER);
  const service = new LogicalReplicationService({ connectionString: url.href });
  service.on("error", () => {});
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [`${PREFIX}pub_12345678`] });
  const reading = service.subscribe(plugin, `${PREFIX}slot_12345678`).catch(() => undefined);
  const isRead = async () => {
    const { rows } = await client.query("select from pg_replication_slots where active");
    return rows.length > 0;
  };
  await waitUntil("the slot is read", isRead, { withinMillis: 30_000, fix: "look at the server's log" });
  await action.update(spec, spec);
  await action.delete(spec);
  await action.delete(spec);
  expect(await left()).toEqual([`${OTHER}pub_12345678`, `${OTHER}slot_12345678`]);
  await service.destroy().catch(() => undefined);
  await reading;
});
