import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { stringify } from "yaml";
import * as z from "zod";
import { environmentSchema } from "../../adapters/environment-schema.ts";
import { type DriftKind, driftKinds } from "../../core/audit-report.ts";
import { killFunction } from "../../local/demo/find-function-process.ts";
import { type Comparison, runChecker } from "../../local/demo/run-command.ts";
import { crashSearch, restartSearch } from "../../local/demo/search-engine.ts";
import { killProcess } from "../../local/engines/process.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { crashConnector, listConnectors, reviveConnector } from "../../local/machine/connectors.ts";
import { localFiles } from "../../local/machine/local-folder.ts";
import { startLocalKafka, startLocalPostgres } from "../../local/machine/streaming-engines.ts";
import type { Crash, Victim } from "../support/crash-schedule.ts";
import { runCli } from "../support/run-cli.ts";
import { fillCrashDatabase, PARTS, THINGS } from "./crash-traffic.ts";

const SETTLED_SECONDS = 150;
const REVIVED_MILLIS = 180_000;
const SOURCES = { shop: { kind: "postgresql", database: "shop" } };
const TABLES = [
  { alias: "things", table: THINGS, key: "id" },
  { alias: "parts", table: PARTS, key: "region,id" },
] as const;

const endpointsSchema = z.object({ search: z.string(), postgres: z.string() });
const drifts = Object.fromEntries(driftKinds.map((kind) => [kind, z.object({ count: z.number() })]));
const reportSchema = z.object({ drift: z.object(drifts), remaining: z.number() });
const statusSchema = z.object({ generations: z.array(z.object({ gap: z.unknown().optional() })) });

/** A stack with two tables of a database, and what crashes in it. */
export type CrashWorld = Awaited<ReturnType<typeof startCrashWorld>>;

/** Brings a stack up with two tables that serve. @param folder - for its configuration */
export async function startCrashWorld(folder: string) {
  mkdirSync(folder, { recursive: true });
  await up(folder, {});
  const endpoints = endpointsSchema.parse(JSON.parse(readFileSync(localFiles.endpoints, "utf8")));
  await fillCrashDatabase(endpoints.postgres);
  await up(folder, Object.fromEntries(TABLES.map(({ alias, table }) => [alias, declare(table)])));
  for (const { alias } of TABLES) await ask("wait", alias, "--timeout", "5m");

  const crash: Readonly<Record<Victim, () => Promise<void>>> = {
    connector: async () => forEachConnector(crashConnector),
    kafka: () => killProcess(join(localFiles.kafka, "process.json")),
    postgres: () => killProcess(join(localFiles.postgres, "process.json")),
    consumer: async () => killConsumers(),
    search: crashSearch,
  };
  const revive: Readonly<Record<Victim, () => Promise<unknown>>> = {
    connector: () => forEachConnector(reviveConnector),
    kafka: startLocalKafka,
    postgres: startLocalPostgres,
    consumer: async () => {},
    search: () => restartSearch(endpoints.search),
  };

  async function perform({ victim, atMillis, downMillis }: Crash): Promise<void> {
    await wait(atMillis);
    await crash[victim]();
    await wait(downMillis);
    await untilRevived(victim);
  }

  /** What starts while what it needs is dead may end again. */
  async function untilRevived(victim: Victim): Promise<void> {
    const isAlive = async () => {
      await revive[victim]();
      return true;
    };
    await waitUntil(`${victim} runs again`, isAlive, {
      withinMillis: REVIVED_MILLIS,
      fix: "look at its output under .trueup/local",
    });
  }

  return {
    url: endpoints.postgres,
    /** Crashes what a schedule says, each in its time. @returns when everything runs again */
    crash: async (crashes: readonly Crash[]): Promise<void> => {
      await Promise.all(crashes.map(perform));
      for (const victim of ["postgres", "kafka", "search", "connector"] as const) await untilRevived(victim);
    },
    /** What the independent checker finds once nobody writes. */
    compare: (): Promise<readonly Comparison[]> =>
      Promise.all(
        TABLES.map(({ alias, table, key }) =>
          runChecker({
            source: { postgres: endpoints.postgres },
            search: endpoints.search,
            table,
            key,
            alias,
            withinSeconds: SETTLED_SECONDS,
          }),
        ),
      ),
    /** Audits each table. @returns drifts found, by table and kind, and gaps that were noted */
    audit: async (): Promise<readonly string[]> => (await Promise.all(TABLES.map(audit))).flat(),
    stop: () => runCli("local", "down"),
  };
}

const declare = (table: string) => ({
  source: { sql: "shop", table },
  mode: "custom",
  settings: { number_of_replicas: 0 },
  consumerTimeoutSeconds: 15,
  audit: { pollSeconds: 1 },
  manifestBuckets: 2,
});

async function up(folder: string, tables: object): Promise<void> {
  const file = join(folder, "stack.yaml");
  writeFileSync(file, stringify({ config: { "trueup:sources": SOURCES, "trueup:tables": tables } }));
  const { status, notes } = await runCli("local", "up", "--stack", "local", "--config", file);
  if (status !== 0) throw new Error(`up ended with ${status}: ${notes}`);
}

async function ask(...words: readonly string[]): Promise<unknown> {
  const { status, output, notes } = await runCli(...words, "--stack", "local", "--json");
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}: ${notes}${output}`);
  return JSON.parse(output);
}

async function forEachConnector(work: (name: string) => Promise<void>): Promise<void> {
  for (const name of listConnectors()) await work(name);
}

/** Ends every process of the tables' functions in the middle of what it does. */
function killConsumers(): void {
  const { tables } = environmentSchema.parse(JSON.parse(readFileSync(localFiles.environment, "utf8")));
  for (const { generations } of Object.values(tables)) {
    for (const generation of generations) {
      if (generation.mode === "custom") killFunction(generation.consumerFunction);
    }
  }
}

async function audit({ alias }: (typeof TABLES)[number]): Promise<readonly string[]> {
  const report = reportSchema.parse(await ask("audit", alias, "--wait", "--timeout", "5m"));
  const { generations } = statusSchema.parse(await ask("status", alias));
  const found = (kind: DriftKind) => report.drift[kind]?.count ?? 0;
  return [
    ...driftKinds.filter((kind) => found(kind) > 0).map((kind) => `${alias}: ${found(kind)} ${kind}`),
    ...(report.remaining > 0 ? [`${alias}: ${report.remaining} remaining`] : []),
    ...generations.flatMap(({ gap }) =>
      gap === undefined ? [] : [`${alias}: a gap, ${JSON.stringify(gap)}`],
    ),
  ];
}
