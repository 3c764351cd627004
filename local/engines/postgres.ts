import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { SyncError } from "../../core/errors.ts";
import { postgresBinaries } from "../setup/postgres.ts";
import { findRunning, isRunning, killProcess, startInBackground, stopProcess } from "./process.ts";
import { asUnprivileged } from "./unprivileged.ts";
import { waitUntil } from "./wait-until.ts";

/** Where a database server runs. */
export interface PostgresPlace {
  readonly port: number;
  /** Its data and log; what is in it survives a restart. */
  readonly folder: string;
  /** Server settings besides or instead of those it has for logical decoding. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running PostgreSQL on 127.0.0.1 that decodes its log for Debezium. */
export interface PostgresEngine {
  /** A connection URL of its superuser, to the database `postgres`. */
  readonly url: string;
  readonly pid: number;
  /** Ends it properly, its sessions with it. */
  stop(): Promise<void>;
  /** Ends it as a crash would: nothing is flushed. */
  kill(): Promise<void>;
}

const START_MILLIS = 60_000;
/**
 * Whoever reaches 127.0.0.1 of this machine is trusted, so the password protects nothing. Not named after a schema of
 * ours: a user's name is the first place that unqualified names are looked for in.
 */
const SUPERUSER = { name: "postgres", password: "trueup" };
/** Ends every session, where SIGTERM would wait for clients to leave. */
const FAST_SHUTDOWN = "SIGINT";

/** @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-server-configuration */
const DECODING = {
  wal_level: "logical",
  max_wal_senders: "20",
  max_replication_slots: "20",
};

/**
 * Starts a real PostgreSQL, or finds the one that runs in `folder` already. The first start makes its data folder.
 *
 * As root it runs as an unprivileged user, because it refuses to be root.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within a minute
 */
export async function startPostgres(place: PostgresPlace): Promise<PostgresEngine> {
  const files = filesOf(place.folder);
  const { name, password } = SUPERUSER;
  const url = `postgresql://${name}:${password}@127.0.0.1:${place.port}/postgres`;
  const running = findRunning(files.pid) ?? launch(place, files);
  const fix = `read ${files.log}`;
  const settled = async () => !isRunning(running) || (await answers(url));
  await waitUntil("PostgreSQL answers", settled, { withinMillis: START_MILLIS, fix });
  if (!isRunning(running)) throw failed("PostgreSQL ended while it started", url, fix);
  const stop = () => stopPostgres(place.folder);
  return { url, pid: running.pid, stop, kill: () => killProcess(files.pid) };
}

/** Ends the server that runs in a folder, if one does. */
export async function stopPostgres(folder: string): Promise<void> {
  await stopProcess(filesOf(folder).pid, FAST_SHUTDOWN);
}

type Files = ReturnType<typeof filesOf>;

function filesOf(folder: string) {
  return {
    pid: join(folder, "process.json"),
    log: join(folder, "output.log"),
    data: join(folder, "data"),
  };
}

function launch(place: PostgresPlace, files: Files) {
  mkdirSync(place.folder, { recursive: true });
  if (!existsSync(join(files.data, "PG_VERSION"))) initialise(place.folder, files);
  const settings = Object.entries({ ...settingsOf(place), ...place.settings });
  const args = ["-D", files.data, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  return startInBackground({
    ...asUnprivileged(program(place.folder, "postgres", args)),
    folder: place.folder,
    environment: { PATH: process.env["PATH"] ?? "", TZ: "UTC" },
    logFile: files.log,
    pidFile: files.pid,
  });
}

function settingsOf({ port }: PostgresPlace): Readonly<Record<string, string>> {
  return { ...DECODING, port: String(port), listen_addresses: "127.0.0.1", unix_socket_directories: "" };
}

/** Encoding and order of characters are the same on every machine. */
function initialise(folder: string, files: Files): void {
  const args = [
    "-D",
    files.data,
    "-U",
    SUPERUSER.name,
    "--auth=trust",
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  ];
  const { command, args: all, user } = asUnprivileged(program(folder, "initdb", args));
  const { status, stderr, error } = spawnSync(command, all, { encoding: "utf8", cwd: folder, ...user });
  if (status === 0) return;
  throw failed(
    "initdb made no data folder",
    `${files.data}: ${error?.message ?? stderr}`,
    "read its message",
  );
}

function program(folder: string, command: "initdb" | "postgres", args: readonly string[]) {
  return { name: "PostgreSQL", command: join(postgresBinaries, command), args, folder };
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  await client.end();
  return true;
}

function failed(what: string, subject: string, fix: string): SyncError {
  return new SyncError("ENGINE_FAILED", what, { subject, fix, retryable: false });
}
