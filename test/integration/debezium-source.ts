import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import type { KafkaEngine } from "../../local/engines/kafka.ts";
import type { ConnectEngine, ConnectorConfiguration } from "../../local/engines/kafka-connect.ts";
import type { PostgresEngine } from "../../local/engines/postgres.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { countRecords, deleteTopics, produce } from "./kafka-topics.ts";
import { parseScript } from "./sql-script.ts";

/** Where recorded events, the statements that made them and the connector's configuration are. */
export const fixturesFolder = join(projectRoot, "test/fixtures/debezium");

/** What a connector streams between. */
export interface StreamingEngines {
  readonly postgres: PostgresEngine;
  readonly kafka: KafkaEngine;
  readonly connect: ConnectEngine;
}

/** A database of its own with a slot and a running connector; its topics begin with `shop.`. */
export interface DebeziumSource {
  /** A connection URL of its database. */
  readonly url: string;
  /** Runs a script of statements in several sessions, and waits until all it changed is in Kafka. */
  run(script: string): Promise<void>;
  /** Ends the connector and drops slot, database and topics. */
  remove(): Promise<void>;
}

const SLOT = "trueup_shop";
const PREFIX = "shop.";
/** What the connector reads of Kafka besides: signals. */
const SIGNALS = "shop-signals";
const DATABASE = "shop";
const OUTPUT = "look at the connector's output";

/**
 * Makes the database of `schema.sql`, its slot, and a connector with `connector.json`.
 *
 * @param name - the connector's: another one for each source, or it goes on from the former's offsets
 * @param overrides - of the connector's configuration
 */
export async function startDebeziumSource(
  engines: StreamingEngines,
  name: string,
  overrides: ConnectorConfiguration = {},
): Promise<DebeziumSource> {
  const { postgres, kafka, connect } = engines;
  const url = `${postgres.url.slice(0, postgres.url.lastIndexOf("/"))}/${DATABASE}`;
  await query(postgres.url, `CREATE DATABASE ${DATABASE}`);
  await query(url, readFileSync(join(fixturesFolder, "schema.sql"), "utf8"));
  await query(url, `SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
  await connect.putConnector(name, { ...configurationOf(url, kafka), ...overrides });
  return {
    url,
    run: (script) => runScript(kafka, url, script),
    remove: async () => {
      await connect.deleteConnector(name);
      const isFree = async () => {
        await query(postgres.url, `SELECT pg_drop_replication_slot('${SLOT}')`);
        return true;
      };
      await waitUntil("the slot is free", isFree, {
        withinMillis: 30_000,
        fix: OUTPUT,
      });
      await query(postgres.url, `DROP DATABASE ${DATABASE} WITH (FORCE)`);
      await deleteTopics(kafka, (topic) => topic.startsWith(PREFIX) || topic === SIGNALS);
    },
  };
}

/** `connector.json` with what only the machine knows. */
function configurationOf(url: string, kafka: KafkaEngine): ConnectorConfiguration {
  const { hostname, port, username, password } = new URL(url);
  return {
    ...JSON.parse(readFileSync(join(fixturesFolder, "connector.json"), "utf8")),
    "database.hostname": hostname,
    "database.port": port,
    "database.user": username,
    "database.password": password,
    "database.dbname": DATABASE,
    "slot.name": SLOT,
    "publication.name": SLOT,
    "signal.kafka.bootstrap.servers": kafka.bootstrapServers,
    "signal.kafka.topic": SIGNALS,
  };
}

async function runScript(kafka: KafkaEngine, url: string, script: string): Promise<void> {
  const sessions = new Map<string, Client>();
  try {
    for (const step of parseScript(script)) {
      if (step.kind === "until-events") {
        await untilThere(kafka, `${PREFIX}${step.table}`, step.count);
      } else if (step.kind === "signal") {
        await produce(kafka, SIGNALS, "shop", step.signal);
      } else {
        const session = sessions.get(step.session) ?? (await openSession(url));
        sessions.set(step.session, session);
        await session.query(step.sql);
      }
    }
  } finally {
    for (const session of sessions.values()) await session.end();
  }
  await untilConfirmed(url);
}

/**
 * Waits until the connector told the database that all up to now is in Kafka. A row that comes after the others proves
 * nothing: topics and partitions are written independently of each other.
 */
async function untilConfirmed(url: string): Promise<void> {
  const [now] = await query(url, "SELECT pg_current_wal_insert_lsn()::text AS lsn");
  const isConfirmed = async () => {
    await query(url, "INSERT INTO trueup.marks DEFAULT VALUES");
    const [slot] = await query(
      url,
      `SELECT confirmed_flush_lsn >= '${now?.["lsn"]}' AS confirmed FROM pg_replication_slots WHERE slot_name = '${SLOT}'`,
    );
    return slot?.["confirmed"] === true;
  };
  await waitUntil("the slot moves on", isConfirmed, { withinMillis: 60_000, fix: OUTPUT });
}

async function untilThere(kafka: KafkaEngine, topic: string, count: number): Promise<void> {
  const isThere = async () => (await countRecords(kafka, topic)) >= count;
  await waitUntil(`${count} records in ${topic}`, isThere, {
    withinMillis: 60_000,
    fix: OUTPUT,
  });
}

async function openSession(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = await openSession(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
