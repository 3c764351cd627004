import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import { startKafka, stopKafka } from "../engines/kafka.ts";
import { type ConnectEngine, startKafkaConnect, stopKafkaConnect } from "../engines/kafka-connect.ts";
import { startPostgres, stopPostgres } from "../engines/postgres.ts";
import { localFiles } from "./local-folder.ts";
import { takePorts } from "./ports.ts";

/** What brings a database's changes on this machine. */
export interface LocalStreaming {
  readonly postgres: { readonly url: string; readonly port: number; readonly secretArn: string };
  /** `host:port`. */
  readonly kafka: string;
  readonly connect: ConnectEngine;
}

const HEAP_MEGABYTES = 384;
const SECRET = "local-database";
/** A table's topic may be read by several, and an audit waits for what the connector has flushed. */
const FLUSH_MILLIS = "1000";

/**
 * Starts what does not run yet: PostgreSQL, Kafka and a worker of Kafka Connect, and keeps the database's user in a secret.
 *
 * @param databases - made where they are not there
 */
export async function startStreaming(
  aws: { readonly endpoint: string; readonly region: string },
  databases: readonly string[],
): Promise<LocalStreaming> {
  const ports = await takePorts();
  const [postgres, kafka] = await Promise.all([
    startPostgres({ port: ports.postgres, folder: localFiles.postgres }),
    startKafka({
      port: ports.kafka,
      controllerPort: ports.kafkaController,
      folder: localFiles.kafka,
      heapMegabytes: HEAP_MEGABYTES,
    }),
  ]);
  const [connect, secretArn] = await Promise.all([
    startKafkaConnect({
      port: ports.connect,
      folder: localFiles.connect,
      heapMegabytes: HEAP_MEGABYTES,
      name: "local",
      bootstrapServers: kafka.bootstrapServers,
      settings: { "offset.flush.interval.ms": FLUSH_MILLIS },
    }),
    keepUser(aws, postgres.url),
    makeDatabases(postgres.url, databases),
  ]);
  return {
    postgres: { url: postgres.url, port: ports.postgres, secretArn },
    kafka: kafka.bootstrapServers,
    connect,
  };
}

/** Ends what runs of it. */
export async function stopStreaming(): Promise<void> {
  await stopKafkaConnect(localFiles.connect);
  await stopKafka(localFiles.kafka);
  await stopPostgres(localFiles.postgres);
}

async function makeDatabases(url: string, names: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of names) {
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

/** @returns the secret's ARN */
async function keepUser(
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  url: string,
): Promise<string> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SecretsManagerClient({ endpoint, region, credentials });
  try {
    const { ARN = "" } = await client.send(new DescribeSecretCommand({ SecretId: SECRET }));
    return ARN;
  } catch (cause) {
    if (!(cause instanceof ResourceNotFoundException)) throw cause;
    const { username, password } = new URL(url);
    const SecretString = JSON.stringify({ username, password });
    const { ARN = "" } = await client.send(new CreateSecretCommand({ Name: SECRET, SecretString }));
    return ARN;
  } finally {
    client.destroy();
  }
}
