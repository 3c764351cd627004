import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { SyncError } from "../../core/errors.ts";
import { findKafkaJava } from "../setup/jdk.ts";
import { kafkaClassPath } from "../setup/kafka.ts";
import { findRunning, isRunning, killProcess, startInBackground, stopProcess } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

/** Where a broker runs, and how large it may get. */
export interface KafkaPlace {
  /** Where clients reach it. */
  readonly port: number;
  /** Where it reaches itself as its own controller. */
  readonly controllerPort: number;
  /** Its configuration, log segments and output; what is in it survives a restart. */
  readonly folder: string;
  readonly heapMegabytes: number;
}

/** A running Kafka of one broker on 127.0.0.1, without encryption or accounts. */
export interface KafkaEngine {
  /** What clients are told, `host:port`. */
  readonly bootstrapServers: string;
  readonly pid: number;
  /** Ends it properly. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

const START_MILLIS = 120_000;

/**
 * Starts a real Kafka, or finds the one that runs in `folder` already. The first start formats its storage.
 *
 * Topics are made by whoever declares them, never by being written to, as on MSK.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within two minutes
 */
export async function startKafka(place: KafkaPlace): Promise<KafkaEngine> {
  const files = filesOf(place.folder);
  const bootstrapServers = `127.0.0.1:${place.port}`;
  const running = findRunning(files.pid) ?? launch(place, files);
  const fix = `read ${files.log}`;
  const settled = async () => !isRunning(running) || (await answers(bootstrapServers));
  await waitUntil("Kafka answers", settled, { withinMillis: START_MILLIS, fix });
  if (!isRunning(running)) throw failed("Kafka ended while it started", bootstrapServers, fix);
  const stop = () => stopKafka(place.folder);
  return { bootstrapServers, pid: running.pid, stop, kill: () => killProcess(files.pid) };
}

/** Ends the broker that runs in a folder, if one does. */
export async function stopKafka(folder: string): Promise<void> {
  await stopProcess(filesOf(folder).pid);
}

type Files = ReturnType<typeof filesOf>;

function filesOf(folder: string) {
  return {
    pid: join(folder, "process.json"),
    log: join(folder, "output.log"),
    configuration: join(folder, "server.properties"),
    segments: join(folder, "segments"),
  };
}

function launch(place: KafkaPlace, files: Files) {
  mkdirSync(place.folder, { recursive: true });
  const lines = Object.entries(settingsOf(place, files)).map(([name, value]) => `${name}=${value}`);
  writeFileSync(files.configuration, `${lines.join("\n")}\n`);
  if (!existsSync(join(files.segments, "meta.properties"))) format(files);
  const heap = [`-Xms${place.heapMegabytes}m`, `-Xmx${place.heapMegabytes}m`];
  return startInBackground({
    command: java(),
    args: [...heap, "-XX:+UseG1GC", "-cp", kafkaClassPath("broker"), "kafka.Kafka", files.configuration],
    folder: place.folder,
    environment: { PATH: process.env["PATH"] ?? "" },
    logFile: files.log,
    pidFile: files.pid,
  });
}

/** @see https://kafka.apache.org/41/documentation.html#kraft */
function settingsOf({ port, controllerPort }: KafkaPlace, { segments }: Files) {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": segments,
    "auto.create.topics.enable": false,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
  };
}

function format({ configuration }: Files): void {
  // No dash in front, which its tool would take for an option.
  const cluster = `t${randomBytes(16).toString("base64url").slice(1)}`;
  const args = ["-cp", kafkaClassPath("broker"), "kafka.tools.StorageTool", "format"];
  const { status, stderr, error } = spawnSync(java(), [...args, "-t", cluster, "-c", configuration], {
    encoding: "utf8",
  });
  if (status === 0) return;
  throw failed("Kafka's storage was not formatted", error?.message ?? stderr, "read its message");
}

function java(): string {
  return join(findKafkaJava(), "bin/java");
}

async function answers(bootstrapServers: string): Promise<boolean> {
  const admin = new Admin({ clientId: "trueup-local", bootstrapBrokers: [bootstrapServers], retries: 0 });
  try {
    await admin.listTopics();
    return true;
  } finally {
    await admin.close();
  }
}

function failed(what: string, subject: string, fix: string): SyncError {
  return new SyncError("ENGINE_FAILED", what, { subject, fix, retryable: false });
}
