import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { stringify } from "yaml";
import * as z from "zod";
import { runTrueup } from "../local/demo/run-command.ts";
import { waitUntil } from "../local/engines/wait-until.ts";
import { crashConnector, listConnectors, reviveConnector } from "../local/machine/connectors.ts";
import { localFiles } from "../local/machine/local-folder.ts";
import { findFreePort } from "../local/machine/ports.ts";
import { cacheFolder } from "../local/setup/folders.ts";
import { median } from "./bench-options.ts";
import { startPgsync } from "./pgsync-process.ts";

/**
 * Measures how fast changes of one PostgreSQL table are in the index, ours and pgsync's, on the same engines in the same
 * run: every row is updated in transactions of a thousand, and the clock runs from the first statement until searches find
 * the last. While one is measured the other does not run.
 *
 * Brings up the local stack of this checkout, and takes it down. Needs `python3 -m venv .trueup/cache/pgsync-venv` with
 * `pip install pgsync` in it, and Debian's `redis-server`.
 */
const { values } = parseArgs({ options: { rows: { type: "string" }, rounds: { type: "string" } } });
const [rows, rounds] = [Number(values.rows ?? 20_000), Number(values.rounds ?? 3)];
const ROWS_A_TRANSACTION = 1_000;
const [OURS, THEIRS] = ["bench-rows", "pgsync-bench-rows"];
const patience = { withinMillis: 600_000, fix: "look at the outputs under .trueup/local" };
const endpointsSchema = z.object({ search: z.string(), postgres: z.string() });
const countSchema = z.object({ count: z.number() });
const folder = mkdtempSync(join(tmpdir(), "bench-pgsync-"));

await runTrueup(["local", "down"]);
await up({});
const { search, postgres } = endpointsSchema.parse(JSON.parse(readFileSync(localFiles.endpoints, "utf8")));
const database = new pg.Client({ connectionString: postgres });
await database.connect();
let turn = 0;
try {
  await database.query(
    `CREATE TABLE bench_rows (id bigint PRIMARY KEY, name text, amount numeric(20, 5), facts jsonb, seen timestamptz, turn int)`,
  );
  await database.query(
    `INSERT INTO bench_rows SELECT n, 'name ' || n, n * 1.25, jsonb_build_object('n', n, 'tags', jsonb_build_array('a', 'b')), now(), 0
     FROM generate_series(1, $1::int) AS n`,
    [rows],
  );
  const ours = await measureOurs();
  const theirs = await measureTheirs();
  tell("Trueup, through Debezium, Kafka and Lambda's stand-in", ours);
  tell("pgsync 7.3, through triggers and Redis", theirs);
  console.log(`ratio ${(median(ours) / median(theirs)).toFixed(2)} (wanted: 2 or more)`);
} finally {
  await database.end();
  await runTrueup(["local", "down"]);
}

async function measureOurs(): Promise<readonly number[]> {
  const table = {
    source: { sql: "bench", table: "public.bench_rows" },
    mode: "custom",
    settings: { number_of_replicas: 0 },
  };
  await up({ [OURS]: table });
  await runTrueup(["wait", OURS, "--stack", "local", "--timeout", "5m"]);
  return measure(OURS);
}

/** Our connector stands still meanwhile, so that nothing of ours has anything to do. */
async function measureTheirs(): Promise<readonly number[]> {
  for (const name of listConnectors()) await crashConnector(name);
  const redisPort = await findFreePort(16_379);
  const environment = join(cacheFolder, "pgsync-venv");
  const place = { environment, folder: join(folder, "pgsync"), postgres, search, redisPort };
  const pgsync = await startPgsync({ ...place, table: "bench_rows", index: THEIRS });
  try {
    await waitUntil("pgsync has loaded the table", async () => (await countTurn(THEIRS)) === rows, patience);
    return await measure(THEIRS);
  } finally {
    await pgsync.stop();
    for (const name of listConnectors()) await reviveConnector(name);
  }
}

/** @returns rows a second, of each round after one that only warms up */
async function measure(index: string): Promise<readonly number[]> {
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    turn += 1;
    const started = performance.now();
    for (let first = 1; first <= rows; first += ROWS_A_TRANSACTION) {
      const last = first + ROWS_A_TRANSACTION - 1;
      await database.query("UPDATE bench_rows SET turn = $1, seen = now() WHERE id BETWEEN $2 AND $3", [
        turn,
        first,
        last,
      ]);
    }
    const written = (performance.now() - started) / 1000;
    await waitUntil("every row is found", async () => (await countTurn(index)) === rows, patience);
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${index}, round ${round}: written in ${written.toFixed(1)} s, found after ${seconds.toFixed(1)} s`,
    );
    if (round > 0) rates.push(rows / seconds);
  }
  return rates;
}

/** How many documents of this turn searches find. */
async function countTurn(index: string): Promise<number> {
  await fetch(`${search}/${index}/_refresh`, { method: "POST" });
  const answer = await fetch(`${search}/${index}/_count?q=turn:${turn}`);
  return answer.ok ? countSchema.parse(await answer.json()).count : -1;
}

async function up(tables: object): Promise<void> {
  const file = join(folder, "stack.yaml");
  const config = {
    "trueup:sources": { bench: { kind: "postgresql", database: "bench" } },
    "trueup:tables": tables,
  };
  writeFileSync(file, stringify({ config }));
  await runTrueup(["local", "up", "--stack", "local", "--json", "--config", file]);
}

function tell(what: string, rates: readonly number[]): void {
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map((rate) =>
    Math.round(rate).toLocaleString("en"),
  );
  console.log(
    `${what}: ${Math.round(median(rates)).toLocaleString("en")} rows/s, median of ${rates.length} (${least} to ${most})`,
  );
}
