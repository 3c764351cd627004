import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startKafka, stopKafka } from "../../local/engines/kafka.ts";
import { startKafkaConnect, stopKafkaConnect } from "../../local/engines/kafka-connect.ts";
import { startPostgres, stopPostgres } from "../../local/engines/postgres.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { prepareStreaming } from "../../local/setup/prepare.ts";
import type { StreamingEngines } from "./debezium-source.ts";

/** Starts PostgreSQL, Kafka and a Connect worker, and ends them whatever happens. */
export async function withStreamingEngines(use: (engines: StreamingEngines) => Promise<void>): Promise<void> {
  const folder = makeFolder();
  try {
    await use(await startStreamingEngines(folder));
  } finally {
    await stopStreamingEngines(folder);
  }
}

/** A folder for engines, that also a user who is not root may enter. */
export function makeFolder(): string {
  const parent = join(projectRoot, ".trueup/test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "streaming-"));
  chmodSync(folder, 0o755);
  return folder;
}

/** Starts PostgreSQL, Kafka and a Connect worker, on the ports they had in this folder before or on free ones. */
export async function startStreamingEngines(folder: string): Promise<StreamingEngines> {
  prepareStreaming();
  const [postgresPort, port, controllerPort, restPort] = await takePorts(join(folder, "ports.json"));
  const [postgres, kafka] = await Promise.all([
    startPostgres({ port: postgresPort, folder: join(folder, "postgres") }),
    startKafka({ port, controllerPort, folder: join(folder, "kafka"), heapMegabytes: 256 }),
  ]);
  const connect = await startKafkaConnect({
    port: restPort,
    folder: join(folder, "connect"),
    heapMegabytes: 256,
    name: "test",
    bootstrapServers: kafka.bootstrapServers,
    settings: { "offset.flush.interval.ms": "500" },
  });
  return { postgres, kafka, connect };
}

/** Ends what runs in a folder and deletes it. */
export async function stopStreamingEngines(folder: string): Promise<void> {
  await stopKafkaConnect(join(folder, "connect"));
  await stopKafka(join(folder, "kafka"));
  await stopPostgres(join(folder, "postgres"));
  rmSync(folder, { recursive: true, force: true });
}

type Ports = readonly [number, number, number, number];

async function takePorts(file: string): Promise<Ports> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const ports: Ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
