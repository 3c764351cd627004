/** A load by Debezium itself, from the order to its end, on real engines; the connector dies in the middle of it. */
import { Client } from "pg";
import { makeKafkaAdmin } from "../../adapters/kafka-admin.ts";
import { makeKafkaLog } from "../../adapters/kafka-log.ts";
import { makePostgresAdmin } from "../../adapters/postgres-admin.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { lookAtSlot } from "../../adapters/postgres-slot.ts";
import { makeConnectorConfiguration, producerOptions } from "../../core/debezium/connector-configuration.ts";
import { makeIncrementalSnapshots } from "../../core/debezium/incremental-snapshots.ts";
import { nameLog } from "../../core/debezium/log-names.ts";
import { SyncError } from "../../core/errors.ts";
import type { DatabaseConnection, KafkaConnection } from "../../core/source-descriptor.ts";
import { makeSourceAction } from "../../index-lifecycle/actions/source-action.ts";
import { makeSqlTableAction } from "../../index-lifecycle/actions/sql-table-action.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { countRecords, readTopics } from "./kafka-topics.ts";
import { makeFolder, startStreamingEngines, stopStreamingEngines } from "./streaming-engines.ts";

jest.setTimeout(400_000);

const ROWS = 30_000;
const TABLE = "public.orders";
const TOPIC = "trueup-test-shop.public.orders";
const names = nameLog({ environment: "test", source: "shop", revision: 1 });
const topics = { partitions: 3, replicationFactor: 1, retentionMillis: 86_400_000 };
const patience = { withinMillis: 180_000, fix: "look at the connector's output" };

it("sends every row once it is asked, goes on where it was when its worker is killed, and says when it is done", async () => {
  const folder = makeFolder();
  try {
    const engines = await startStreamingEngines(folder);
    const url = new URL(engines.postgres.url);
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query(`create table orders (id bigint primary key, body text, turn int not null);
      insert into orders select n, repeat('x', 500), 0 from generate_series(1, ${ROWS}) as n`);
    const connection: DatabaseConnection = {
      engine: "postgresql",
      host: url.hostname,
      port: Number(url.port),
      database: "postgres",
      secretArn: "s",
      tls: "off",
    };
    const kafka: KafkaConnection = {
      bootstrapServers: [engines.kafka.bootstrapServers],
      authentication: { kind: "none" },
    };
    const credentials = { username: url.username, password: url.password };
    const readUser = async () => credentials;
    const makeToken = async () => "";
    const deps = {
      sourceAs: () => ({
        database: (known: DatabaseConnection) => makePostgresAdmin(makePostgres(known, readUser)),
        kafka: (known: KafkaConnection) => makeKafkaAdmin(known, readUser, makeToken),
        slot: (known: DatabaseConnection, slot: string) => lookAtSlot(makePostgres(known, readUser), slot),
      }),
      pause: async () => {},
    };
    const groupPrefix = "trueup-test-";
    const source = { source: "shop", roleArn: "r", connection, names, groupPrefix, kafka, topics };
    await makeSourceAction(deps).create(JSON.stringify(source));
    const log = { publicationName: names.publicationName, topic: TOPIC, groupPrefix, kafka, topics };
    const table = { source: "shop", roleArn: "r", connection, tableName: TABLE, log };
    await makeSqlTableAction(deps).create(JSON.stringify(table));
    await engines.connect.putConnector(names.connectorName, {
      ...makeConnectorConfiguration({ names, connection, credentials, kafka, topics }),
      ...producerOptions("producer.override."),
      // Small chunks, so that it can be killed between two.
      "incremental.snapshot.chunk.size": "200",
    });

    const session = makePostgres(connection, readUser);
    const snapshots = makeIncrementalSnapshots({
      session,
      topics: makeKafkaLog(kafka, readUser, makeToken),
      topicPrefix: names.topicPrefix,
      tableName: TABLE,
    });
    try {
      await snapshots.ask("first");
      await waitUntil(
        "the snapshot has begun",
        async () => (await countRecords(engines.kafka, TOPIC)) > 500,
        patience,
      );
      await engines.connect.kill();
      const before = await countRecords(engines.kafka, TOPIC);
      expect(before).toBeLessThan(ROWS);
      expect(await snapshots.look("first")).toEqual({ kind: "running" });
      await client.query(
        "update orders set turn = 1 where id in (1, 15000, 30000); delete from orders where id = 29999",
      );
      await startStreamingEngines(folder); // What runs is found, the worker is started.
      await snapshots.ask("first"); // A build that was started again asks again.
      await waitUntil(
        "it is done",
        async () => {
          const { kind } = await snapshots.look("first");
          if (kind === "failed")
            throw new SyncError("ENGINE_FAILED", "the snapshot failed", {
              subject: "first",
              fix: "look",
              retryable: false,
            });
          return kind === "done";
        },
        patience,
      );
      const events = await readTopics(engines.kafka, [TOPIC]);
      const read = events.map(({ value }): { op: string; after: { id: number } | null } =>
        JSON.parse(value ?? "{}"),
      );
      const ids = new Set(read.filter(({ op }) => op === "r").map(({ after }) => after?.id));
      // Those that changed in between come as changes, or as rows, or as both.
      const missing = Array.from({ length: ROWS }, (_, place) => place + 1).filter((id) => !ids.has(id));
      expect(missing.filter((id) => ![1, 15_000, 29_999, 30_000].includes(id))).toEqual([]);
      // It went on where it was: what was sent before was not sent once more, but for the chunks it had not written down.
      expect(read.filter(({ op }) => op === "r").length).toBeLessThan(ROWS + before / 2 + 2_000);
    } finally {
      await session.end();
      await client.end();
    }
  } finally {
    await stopStreamingEngines(folder);
  }
});
