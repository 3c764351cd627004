import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import { findJdk } from "../setup/jdk.ts";
import { homeOf, openSearch3, type SearchDistribution } from "../setup/search-distribution.ts";
import { findRunning, isRunning, killProcess, startInBackground, stopProcess } from "./process.ts";
import { asUnprivileged } from "./unprivileged.ts";
import { waitUntil } from "./wait-until.ts";

/** Where a search engine runs, and how large it may get. */
export interface OpenSearchPlace {
  readonly port: number;
  /** Its configuration, data and logs; what is in it survives a restart. */
  readonly folder: string;
  readonly heapMegabytes: number;
  /** Which engine; it must have been fetched. @default OpenSearch 3 */
  readonly distribution?: SearchDistribution;
}

/** A running single-node engine on 127.0.0.1. */
export interface OpenSearchEngine {
  readonly url: string;
  readonly pid: number;
  /** Ends it properly. */
  stop(): Promise<void>;
  /** Ends it as a crash would: nothing is flushed. */
  kill(): Promise<void>;
}

const START_MILLIS = 180_000;

/**
 * Starts a real search engine, or finds the one that runs in `folder` already.
 *
 * As root it runs as an unprivileged user, because it refuses to be root.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within three minutes
 */
export async function startOpenSearch(place: OpenSearchPlace): Promise<OpenSearchEngine> {
  const files = filesOf(place);
  const url = `http://127.0.0.1:${place.port}`;
  const running = findRunning(files.pid) ?? launch(place, files);
  const fix = `read ${files.log}`;
  const settled = async () => !isRunning(running) || (await answers(url));
  await waitUntil("the search engine answers", settled, { withinMillis: START_MILLIS, fix });
  if (!isRunning(running)) throw engineEnded(url, fix);
  return { url, pid: running.pid, stop: () => stopProcess(files.pid), kill: () => killProcess(files.pid) };
}

/** Ends the engine that runs in a folder, if one does. */
export async function stopOpenSearch(folder: string): Promise<void> {
  await stopProcess(join(folder, "process.json"));
}

type Files = ReturnType<typeof filesOf>;

function filesOf({ folder }: OpenSearchPlace) {
  return {
    pid: join(folder, "process.json"),
    log: join(folder, "output.log"),
    configuration: join(folder, "config"),
    data: join(folder, "data"),
    logs: join(folder, "logs"),
    temporary: join(folder, "tmp"),
  };
}

function launch(place: OpenSearchPlace, files: Files) {
  const distribution = distributionOf(place);
  const home = homeOf(distribution);
  configure(place, files);
  return startInBackground({
    ...asUnprivileged({
      name: distribution.product,
      command: join(home, "bin", distribution.product),
      args: [],
      folder: place.folder,
    }),
    folder: place.folder,
    environment: {
      PATH: process.env["PATH"] ?? "",
      HOME: place.folder,
      ...variables(distribution, place.heapMegabytes, files),
    },
    logFile: files.log,
    pidFile: files.pid,
  });
}

function distributionOf({ distribution = openSearch3 }: OpenSearchPlace): SearchDistribution {
  return distribution;
}

/** Elasticsearch 7.10 takes its Java from `JAVA_HOME`; the variable of its own came with 7.12. */
function variables(distribution: SearchDistribution, heapMegabytes: number, files: Files) {
  const prefix = distribution.product === "opensearch" ? "OPENSEARCH" : "ES";
  const java = findJdk(distribution);
  return {
    ...(prefix === "ES" ? { JAVA_HOME: java } : { OPENSEARCH_JAVA_HOME: java }),
    [`${prefix}_PATH_CONF`]: files.configuration,
    [`${prefix}_JAVA_OPTS`]: `-Xms${heapMegabytes}m -Xmx${heapMegabytes}m`,
    [`${prefix}_TMPDIR`]: files.temporary,
  };
}

function configure(place: OpenSearchPlace, files: Files): void {
  const { port } = place;
  const distribution = distributionOf(place);
  if (!existsSync(files.configuration)) {
    cpSync(join(homeOf(distribution), "config"), files.configuration, { recursive: true });
    dropWritesBesideTheProgram(join(files.configuration, "jvm.options"));
  }
  for (const folder of folders(files)) mkdirSync(folder, { recursive: true });
  const settings = {
    "cluster.name": "trueup",
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": port,
    "transport.port": `${port + 100}-${port + 199}`,
    "path.data": files.data,
    "path.logs": files.logs,
    "cluster.routing.allocation.disk.threshold_enabled": false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  writeFileSync(join(files.configuration, `${distribution.product}.yml`), `${lines.join("\n")}\n`);
}

/** The shipped options log and dump into the program's own folder, which is shared and not the user's. */
function dropWritesBesideTheProgram(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  const writes = /file=logs\/|HeapDumpPath=|ErrorFile=/;
  writeFileSync(file, lines.filter((line) => !writes.test(line)).join("\n"));
}

function folders(files: Files): readonly string[] {
  return [files.configuration, files.data, files.logs, files.temporary];
}

async function answers(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`);
  return answer.ok;
}

function engineEnded(subject: string, fix: string): SyncError {
  return new SyncError("ENGINE_FAILED", "the search engine ended while it started", {
    subject,
    fix,
    retryable: false,
  });
}
