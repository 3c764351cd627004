import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { waitUntil } from "../local/engines/wait-until.ts";

/** Where pgsync runs, and what between. */
export interface PgsyncPlace {
  /** Its virtual environment, with the package `pgsync` of PyPI in it. */
  readonly environment: string;
  /** Its checkpoint, schema and outputs. */
  readonly folder: string;
  /** A connection URL of the database. */
  readonly postgres: string;
  readonly search: string;
  readonly redisPort: number;
  readonly table: string;
  readonly index: string;
}

/** A running pgsync with the Redis it needs. */
export interface Pgsync {
  /** Ends both, and takes triggers, views and the slot out of the database. */
  stop(): Promise<void>;
}

/**
 * Starts pgsync as its manual says: `bootstrap` makes triggers, a view and a slot, then a daemon with everything at its
 * default. Redis is Debian's `redis-server`.
 *
 * @see https://pgsync.com/env-vars/
 */
export async function startPgsync(place: PgsyncPlace): Promise<Pgsync> {
  mkdirSync(place.folder, { recursive: true });
  const schema = join(place.folder, "schema.json");
  const { pathname, hostname, port, username, password } = new URL(place.postgres);
  const database = pathname.slice(1);
  writeFileSync(schema, JSON.stringify([{ database, index: place.index, nodes: { table: place.table } }]));
  const redis = start(place, "redis-server", ["--port", String(place.redisPort), "--save", ""]);
  const environment = {
    PG_HOST: hostname,
    PG_PORT: port,
    PG_USER: username,
    PG_PASSWORD: password,
    PG_SSLMODE: "disable",
    OPENSEARCH: "True",
    ELASTICSEARCH: "False",
    ELASTICSEARCH_URL: place.search,
    REDIS_HOST: "127.0.0.1",
    REDIS_PORT: String(place.redisPort),
    CHECKPOINT_PATH: place.folder,
    GENERAL_LOGGING_LEVEL: "ERROR",
    CONSOLE_LOGGING_HANDLER_MIN_LEVEL: "ERROR",
  };
  const bootstrap = (...more: readonly string[]) => {
    const { status, stderr, stdout } = spawnSync(
      join(place.environment, "bin/bootstrap"),
      ["--config", schema, ...more],
      { env: { ...process.env, ...environment }, encoding: "utf8", cwd: place.folder },
    );
    if (status !== 0) throw new Error(`bootstrap ${more.join(" ")} ended with ${status}: ${stderr}${stdout}`);
  };
  await waitUntil("Redis answers", () => pings(place.redisPort), {
    withinMillis: 20_000,
    fix: "apt-get install -y redis-server",
  });
  bootstrap();
  const daemon = start(
    place,
    join(place.environment, "bin/pgsync"),
    ["--config", schema, "--daemon"],
    environment,
  );
  return {
    stop: async () => {
      await end(daemon);
      bootstrap("--teardown");
      await end(redis);
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

function start(
  { folder }: PgsyncPlace,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const output = openSync(join(folder, `${command.split("/").at(-1)}.log`), "a");
  const env = { ...process.env, ...environment };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", output, output] });
  closeSync(output);
  return child;
}

/** Whether something answers there as Redis does. */
function pings(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(String(answer).startsWith("+PONG"));
    });
    socket.once("error", reject);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}
