import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import { findKafkaJava } from "../setup/jdk.ts";
import { connectPlugins, kafkaClassPath } from "../setup/kafka.ts";
import { findRunning, isRunning, killProcess, startInBackground, stopProcess } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

/** Where a worker runs, and what it is told. */
export interface ConnectPlace {
  /** Of its REST interface. */
  readonly port: number;
  /** Its configuration and output; all it remembers is in Kafka. */
  readonly folder: string;
  readonly heapMegabytes: number;
  readonly bootstrapServers: string;
  /** Names its group and, unless `settings` say otherwise, its three topics. */
  readonly name: string;
  /** The worker configuration, as MSK Connect takes it. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A connector's configuration, every value as text. */
export type ConnectorConfiguration = Readonly<Record<string, string>>;

/** A running distributed worker of Kafka Connect 3.7 on 127.0.0.1. */
export interface ConnectEngine {
  /** Of its REST interface. */
  readonly url: string;
  readonly pid: number;
  /**
   * Makes a connector, or gives the one of that name another configuration, and waits until its task runs.
   *
   * @throws SyncError `ENGINE_FAILED` with the connector's own words when it fails
   */
  putConnector(name: string, configuration: ConnectorConfiguration): Promise<void>;
  /** Ends a connector; its offsets stay in Kafka. One that is not there is left alone. */
  deleteConnector(name: string): Promise<void>;
  /** Ends it properly. */
  stop(): Promise<void>;
  /** Ends it as a crash would: offsets that were not written yet are lost. */
  kill(): Promise<void>;
}

const START_MILLIS = 180_000;
const RUN_MILLIS = 120_000;

/**
 * Starts a real worker, or finds the one that runs in `folder` already.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within three minutes
 * @see https://kafka.apache.org/37/documentation.html#connect_running
 */
export async function startKafkaConnect(place: ConnectPlace): Promise<ConnectEngine> {
  const files = filesOf(place.folder);
  const url = `http://127.0.0.1:${place.port}`;
  const running = findRunning(files.pid) ?? launch(place, files);
  const fix = `read ${files.log}`;
  const settled = async () => !isRunning(running) || (await fetch(`${url}/connectors`)).ok;
  await waitUntil("Kafka Connect answers", settled, { withinMillis: START_MILLIS, fix });
  if (!isRunning(running)) throw failed("Kafka Connect ended while it started", url, fix);
  return {
    url,
    pid: running.pid,
    putConnector: (name, configuration) => putConnector(url, name, configuration, fix),
    deleteConnector: (name) => deleteConnector(url, name, fix),
    stop: () => stopKafkaConnect(place.folder),
    kill: () => killProcess(files.pid),
  };
}

/** Ends the worker that runs in a folder, if one does. */
export async function stopKafkaConnect(folder: string): Promise<void> {
  await stopProcess(filesOf(folder).pid);
}

type Files = ReturnType<typeof filesOf>;

function filesOf(folder: string) {
  return {
    pid: join(folder, "process.json"),
    log: join(folder, "output.log"),
    configuration: join(folder, "worker.properties"),
    logging: join(folder, "log4j.properties"),
  };
}

const LOGGING = `log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c{1})%n
log4j.logger.org.reflections=ERROR
log4j.logger.org.apache.kafka=WARN
`;

function launch(place: ConnectPlace, files: Files) {
  mkdirSync(place.folder, { recursive: true });
  const lines = Object.entries(settingsOf(place)).map(([name, value]) => `${name}=${value}`);
  writeFileSync(files.configuration, `${lines.join("\n")}\n`);
  writeFileSync(files.logging, LOGGING);
  const java = [`-Xms${place.heapMegabytes}m`, `-Xmx${place.heapMegabytes}m`, "-XX:+UseG1GC"];
  const logging = `-Dlog4j.configuration=file:${files.logging}`;
  const program = "org.apache.kafka.connect.cli.ConnectDistributed";
  return startInBackground({
    command: join(findKafkaJava(), "bin/java"),
    args: [...java, logging, "-cp", kafkaClassPath("connect"), program, files.configuration],
    folder: place.folder,
    environment: { PATH: process.env["PATH"] ?? "" },
    logFile: files.log,
    pidFile: files.pid,
  });
}

function settingsOf({ port, bootstrapServers, name, settings }: ConnectPlace) {
  return {
    "bootstrap.servers": bootstrapServers,
    "group.id": name,
    "offset.storage.topic": `${name}-offsets`,
    "config.storage.topic": `${name}-configs`,
    "status.storage.topic": `${name}-status`,
    "offset.storage.replication.factor": 1,
    "config.storage.replication.factor": 1,
    "status.storage.replication.factor": 1,
    "offset.storage.partitions": 5,
    "status.storage.partitions": 1,
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    // One worker: after a crash nobody else could take its connector over, so nobody is waited for.
    "scheduled.rebalance.max.delay.ms": 0,
    "session.timeout.ms": 6000,
    "heartbeat.interval.ms": 2000,
    ...settings,
    listeners: `http://127.0.0.1:${port}`,
    "rest.advertised.host.name": "127.0.0.1",
    "plugin.path": connectPlugins,
  };
}

const statusSchema = z.object({
  connector: z.object({ state: z.string(), trace: z.string().optional() }),
  tasks: z.array(z.object({ state: z.string(), trace: z.string().optional() })),
});

async function putConnector(
  url: string,
  name: string,
  configuration: ConnectorConfiguration,
  fix: string,
): Promise<void> {
  const place = `${url}/connectors/${encodeURIComponent(name)}`;
  const request = {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(configuration),
  };
  const takes = async () => {
    const answer = await fetch(`${place}/config`, request);
    if (answer.status === 400)
      throw failed("a connector was refused", `${name}: ${await answer.text()}`, fix);
    return answer.ok;
  };
  await untilSettled("the worker takes the connector", takes, fix);
  await untilSettled("the connector runs", () => runs(place, name, fix), fix);
}

async function runs(place: string, name: string, fix: string): Promise<boolean> {
  const answer = await fetch(`${place}/status`);
  if (!answer.ok) return false;
  const { connector, tasks } = statusSchema.parse(await answer.json());
  const states = [connector, ...tasks];
  const trace = states.find(({ state }) => state === "FAILED")?.trace;
  if (trace !== undefined) throw failed("a connector failed", `${name}: ${trace.split("\n")[0]}`, fix);
  return tasks.length > 0 && states.every(({ state }) => state === "RUNNING");
}

async function deleteConnector(url: string, name: string, fix: string): Promise<void> {
  const place = `${url}/connectors/${encodeURIComponent(name)}`;
  const isGone = async () => {
    const { status } = await fetch(place, { method: "DELETE" });
    return status === 404;
  };
  await untilSettled("the connector is gone", isGone, fix);
}

/** Waits as {@link waitUntil} does, but what can never come true ends the waiting. */
async function untilSettled(what: string, condition: () => Promise<boolean>, fix: string): Promise<void> {
  let final: SyncError | undefined;
  const settled = () =>
    condition().catch((cause: unknown) => {
      if (!(cause instanceof SyncError)) throw cause;
      final = cause;
      return true;
    });
  await waitUntil(what, settled, { withinMillis: RUN_MILLIS, fix });
  if (final !== undefined) throw final;
}

function failed(what: string, subject: string, fix: string): SyncError {
  return new SyncError("ENGINE_FAILED", what, { subject, fix, retryable: false });
}
