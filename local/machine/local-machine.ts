import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startGateway, stopGateway } from "../engines/gateway.ts";
import { type KafkaEngine, stopKafka } from "../engines/kafka.ts";
import { startMinistack, stopMinistack } from "../engines/ministack.ts";
import { startOpenSearch, stopOpenSearch } from "../engines/opensearch.ts";
import { type PostgresEngine, stopPostgres } from "../engines/postgres.ts";
import { findRunning } from "../engines/process.ts";
import type { LocalStreaming } from "../synth/local-sources.ts";
import { stopConnectors } from "./connectors.ts";
import { databaseUrl, ensureDatabaseSecret, ensureDatabases } from "./database.ts";
import { LOCAL_ACCOUNT } from "./local-account.ts";
import { localFiles, localFolder } from "./local-folder.ts";
import { type LocalPorts, takePorts } from "./ports.ts";
import { startLocalKafka, startLocalPostgres } from "./streaming-engines.ts";

const SEARCH_HEAP_MEGABYTES = 1024;

/** The running engines, as everybody reaches them. */
export interface LocalMachine {
  readonly aws: string;
  readonly search: string;
  /** The gateway was started just now, so it knows of no stream mapping. */
  readonly gatewayIsNew: boolean;
  /** Absent where the stack has no database on this machine. */
  readonly streaming: StreamingMachine | undefined;
}

/** What a stack's databases and their changes run on. */
export interface StreamingMachine extends LocalStreaming {
  /** A connection URL of the server. */
  readonly postgres: string;
  /** A connection URL of the first database. */
  readonly database: string;
  /** Bootstrap servers. */
  readonly kafka: string;
}

/**
 * Starts what does not run yet: OpenSearch, the AWS emulator, the gateway with the stand-ins before it; PostgreSQL and
 * Kafka only where there are databases, which are made empty where they are not there.
 *
 * The emulator keeps everything in memory. Where it has ended, all that belonged to it is forgotten first.
 *
 * @param databases - by name
 * @param say - told what is being done
 */
export async function startLocalMachine(
  region: string,
  databases: readonly string[],
  say: (step: string) => void,
): Promise<LocalMachine> {
  if (existsSync(localFiles.resources) && !isRunning(localFiles.aws)) {
    say("The AWS emulator has ended and forgot everything: starting anew");
    await stopLocalMachine();
  }
  mkdirSync(localFolder, { recursive: true });
  chmodSync(localFolder, 0o755); // a search engine that root starts runs as another user
  const ports = await takePorts();
  const gatewayIsNew = !isRunning(localFiles.gateway);
  if (gatewayIsNew || !isRunning(localFiles.search)) say("Starting OpenSearch and the AWS emulator");
  const streams = databases.length > 0;
  if (streams && !(isRunning(localFiles.kafka) && isRunning(localFiles.postgres))) {
    say("Starting PostgreSQL and Kafka");
  }
  const [search, gateway, engines] = await Promise.all([
    startOpenSearch({
      port: ports.search,
      folder: localFiles.search,
      heapMegabytes: SEARCH_HEAP_MEGABYTES,
    }),
    startAws(ports.aws, ports.emulator, region),
    streams ? startStreaming() : undefined,
  ]);
  const streaming = engines && (await describeStreaming(engines, databases, ports, gateway.url, region));
  return { aws: gateway.url, search: search.url, gatewayIsNew, streaming };
}

/** Ends everything that was started, and forgets what it held. */
export async function stopLocalMachine(): Promise<void> {
  await stopGateway(localFiles.gateway);
  await stopMinistack(localFiles.aws);
  await stopOpenSearch(localFiles.search);
  await stopConnectors();
  await stopKafka(localFiles.kafka);
  await stopPostgres(localFiles.postgres);
  rmSync(localFolder, { recursive: true, force: true });
}

/** Whether the engine of a folder runs. */
export function isRunning(folder: string): boolean {
  return findRunning(join(folder, "process.json")) !== undefined;
}

/** Functions reach DynamoDB through the gateway, for its exports, and everything else directly. */
async function startAws(port: number, emulatorPort: number, region: string) {
  const place = { region, accountId: LOCAL_ACCOUNT };
  const emulator = await startMinistack({
    ...place,
    port: emulatorPort,
    folder: localFiles.aws,
    environment: { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` },
  });
  return startGateway({ ...place, port, folder: localFiles.gateway, emulator: emulator.url });
}

interface StreamingEngines {
  readonly postgres: PostgresEngine;
  readonly kafka: KafkaEngine;
}

async function startStreaming(): Promise<StreamingEngines> {
  const [postgres, kafka] = await Promise.all([startLocalPostgres(), startLocalKafka()]);
  return { postgres, kafka };
}

async function describeStreaming(
  { postgres, kafka }: StreamingEngines,
  databases: readonly string[],
  ports: LocalPorts,
  aws: string,
  region: string,
): Promise<StreamingMachine> {
  await ensureDatabases(postgres, databases);
  const [first = "postgres"] = databases;
  return {
    postgresPort: ports.postgres,
    kafkaPort: ports.kafka,
    secretArn: await ensureDatabaseSecret(postgres, aws, region),
    postgres: postgres.url,
    database: databaseUrl(postgres, first),
    kafka: kafka.bootstrapServers,
  };
}
