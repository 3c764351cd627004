/** index-lifecycle's sources and tables against a real PostgreSQL and Kafka, and Debezium with the configuration we give it. */
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { makeKafkaAdmin } from "../../adapters/kafka-admin.ts";
import { makePostgresAdmin } from "../../adapters/postgres-admin.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { lookAtSlot } from "../../adapters/postgres-slot.ts";
import { makeConnectorConfiguration, producerOptions } from "../../core/debezium/connector-configuration.ts";
import { nameLog } from "../../core/debezium/log-names.ts";
import type { DatabaseConnection, KafkaConnection } from "../../core/source-descriptor.ts";
import { makeSourceAction } from "../../index-lifecycle/actions/source-action.ts";
import { makeSqlTableAction } from "../../index-lifecycle/actions/sql-table-action.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import type { StreamingEngines } from "./debezium-source.ts";
import { countRecords, listTopics, readTopics } from "./kafka-topics.ts";
import { makeFolder, startStreamingEngines, stopStreamingEngines } from "./streaming-engines.ts";

jest.setTimeout(300_000);

const names = nameLog({ environment: "test", source: "shop", revision: 1 });
const topics = { partitions: 3, replicationFactor: 1, retentionMillis: 86_400_000 };
const groupPrefix = "trueup-test-";
const CUSTOMERS = "trueup-test-shop.public.customers";

describe("a source on real engines", () => {
  const folder = makeFolder();
  let engines: StreamingEngines;
  let client: Client;
  let connection: DatabaseConnection;
  let kafka: KafkaConnection;
  let deps: Parameters<typeof makeSourceAction>[0];

  beforeAll(async () => {
    engines = await startStreamingEngines(folder);
    const url = new URL(engines.postgres.url);
    client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query(`
      create table customers (id bigint, region text, name text, primary key (region, id));
      create table plain (name text);
      create table orders (id int primary key, at date) ;
      create table parts (id int, at date, primary key (id, at)) partition by range (at);
      create table parts_1 partition of parts for values from ('2026-01-01') to ('2027-01-01');
      create view customers_view as select * from customers;
      create unlogged table quick (id int primary key);
      create table silent (id int primary key);
      alter table silent replica identity nothing`);
    connection = {
      engine: "postgresql",
      host: url.hostname,
      port: Number(url.port),
      database: "postgres",
      secretArn: "arn:secret",
      tls: "off",
    };
    kafka = { bootstrapServers: [engines.kafka.bootstrapServers], authentication: { kind: "none" } };
    const credentials = async () => ({ username: url.username, password: url.password });
    deps = {
      sourceAs: () => ({
        database: (known) => makePostgresAdmin(makePostgres(known, credentials)),
        kafka: (known) => makeKafkaAdmin(known, credentials, async () => ""),
        slot: (known, slotName) => lookAtSlot(makePostgres(known, credentials), slotName),
      }),
      pause: async () => {
        await pause(100);
      },
    };
  });
  afterAll(async () => {
    await client.end();
    await stopStreamingEngines(folder);
  });

  const source = () =>
    JSON.stringify({ source: "shop", roleArn: "r", connection, names, groupPrefix, kafka, topics });
  const table = (tableName: string) => {
    const topic = `${names.topicPrefix}.${tableName}`;
    const log = { publicationName: names.publicationName, topic, groupPrefix, kafka, topics };
    return JSON.stringify({ source: "shop", roleArn: "r", connection, tableName, log });
  };

  it("has slot and publication of the same name, made once however often it is asked for", async () => {
    const action = makeSourceAction(deps);
    await action.create(source());
    await action.create(source());
    const { rows } = await client.query(
      `select slot_name, plugin, pubname, pubviaroot from pg_replication_slots, pg_publication`,
    );
    expect(rows).toEqual([
      { slot_name: "trueup_test_shop", plugin: "pgoutput", pubname: "trueup_test_shop", pubviaroot: true },
    ]);
  });

  it("tells a table's key in its order, and publishes it", async () => {
    const action = makeSqlTableAction(deps);
    expect(await action.create(table("public.customers"))).toEqual({
      key: '[{"name":"region","type":"S"},{"name":"id","type":"N"}]',
    });
    await action.create(table("public.customers"));
    await action.create(table("public.parts"));
    const { rows } = await client.query("select tablename from pg_publication_tables order by 1");
    expect(rows.map(({ tablename }) => tablename)).toEqual([
      "customers",
      "heartbeat",
      "parts",
      "signal",
      "watermark",
    ]);
    expect(await listTopics(engines.kafka)).toEqual(expect.arrayContaining([CUSTOMERS]));
  });

  it.each([
    ["public.plain", "it has no primary key"],
    ["public.nothing", "the database has no such table"],
    ["public.customers_view", "it is no table"],
    ["public.parts_1", "it is a partition"],
    ["public.quick", "it is unlogged"],
    ["public.silent", "its replica identity is nothing"],
  ])("refuses %s: %s", async (tableName, reason) => {
    await expect(makeSqlTableAction(deps).create(table(tableName))).rejects.toThrow(reason);
  });

  it("waits for a transaction that wrote to the table before it was published, and for no later one", async () => {
    const writer = new Client({ connectionString: engines.postgres.url });
    await writer.connect();
    await writer.query("begin; insert into orders values (1, now())");
    let isMade = false;
    const making = makeSqlTableAction(deps)
      .create(table("public.orders"))
      .then(() => {
        isMade = true;
      });
    const isPublished = async () =>
      (await client.query("select from pg_publication_tables where tablename = 'orders'")).rows.length > 0;
    await waitUntil("the table is published", isPublished, {
      withinMillis: 30_000,
      fix: "look at the action",
    });
    await client.query("insert into orders values (2, now())");
    expect(isMade).toBe(false);
    await writer.query("commit");
    await making;
    await writer.end();
  });

  it("streams by the connector we configure: no table is named, and digits, times and deletes are whole", async () => {
    const url = new URL(engines.postgres.url);
    const configuration = makeConnectorConfiguration({
      names,
      connection,
      credentials: { username: url.username, password: url.password },
      kafka,
      topics,
    });
    await engines.connect.putConnector(names.connectorName, {
      ...configuration,
      ...producerOptions("producer.override."),
    });
    await client.query(`
      insert into customers values (9007199254740993, 'EU', 'Ada');
      delete from customers;
      insert into parts values (1, '2026-11-25')`);
    const arePut = async () =>
      (await countRecords(engines.kafka, CUSTOMERS)) >= 2 &&
      (await countRecords(engines.kafka, "trueup-test-shop.public.parts")) >= 1;
    await waitUntil("the changes are in Kafka", arePut, {
      withinMillis: 60_000,
      fix: "look at the connector",
    });
    const events = await readTopics(engines.kafka, [CUSTOMERS]);
    expect(events.map(({ value }) => value).join("\n")).toMatch(/9007199254740993(.|\n)*"op":"d"/);
  });

  it("refuses to go while its connector reads the slot, and goes whole when that has ended", async () => {
    const action = makeSourceAction(deps);
    await expect(action.delete(source())).rejects.toThrow(/^ENGINE_FAILED: .* is still read/);
    await engines.connect.deleteConnector(names.connectorName);
    await makeSqlTableAction(deps).delete(table("public.orders"));
    await action.delete(source());
    await action.delete(source());
    const { rows } = await client.query(
      `select (select count(*) from pg_replication_slots) slots, (select count(*) from pg_publication) publications,
        (select count(*) from pg_namespace where nspname = 'trueup') schemas`,
    );
    expect(rows).toEqual([{ slots: "0", publications: "0", schemas: "0" }]);
    expect((await listTopics(engines.kafka)).filter((topic) => topic.includes("trueup-test-shop"))).toEqual(
      [],
    );
  });

  it("is refused once its slot is gone, because what was changed since is in no log", async () => {
    const action = makeSourceAction(deps);
    await action.create(source());
    await client.query("select pg_drop_replication_slot($1)", [names.slotName]);
    await expect(action.update(source(), undefined)).rejects.toThrow(
      /^STREAM_GAP: the replication slot is gone/,
    );
  });
});
