import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { environmentSchema } from "../../adapters/environment-schema.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import type { GenerationDescriptor } from "../../core/table-descriptor.ts";
import type { TableStatus } from "../../core/table-status.ts";
import { killFunction } from "../../local/demo/find-function-process.ts";
import { type Comparison, runChecker } from "../../local/demo/run-command.ts";
import { crashSearch, restartSearch } from "../../local/demo/search-engine.ts";
import { type ProbeCounts, startSearchProbe } from "../../local/demo/search-probe.ts";
import { localFiles } from "../../local/machine/local-folder.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { type CommandEnd, runCliIn } from "../support/run-cli.ts";
import type { Declared, DeployEnd } from "../support/toggle-model.ts";
import { makeDynamodb, readEndpoints } from "./local-stack.ts";
import {
  createSource,
  emptySource,
  fillSource,
  KEY,
  makeTraffic,
  SOURCE,
  stillIds,
} from "./toggle-traffic.ts";
import { upgradeLibrary } from "./upgraded-library.ts";

/** The alias of the toggled table's documents. */
export const ALIAS = "toggled";

const SETTLED_SECONDS = 120;
const statusOf = (text: string): TableStatus => JSON.parse(text);

/** A running stack with one table, its writes and its searches, and the commands that people give it. */
export type ToggleWorld = Awaited<ReturnType<typeof startToggleWorld>>;

/**
 * Brings a stack up, with the table and without anything that searches it.
 *
 * @param folder - for what is written down: configurations, a mapping, an upgraded library
 */
export async function startToggleWorld(folder: string) {
  const refusing = join(folder, "refusing.json");
  writeFileSync(refusing, JSON.stringify({ properties: { odd: { type: "date" } } }));
  let [library, edition, files] = [projectRoot, 0, 0];
  const cli = (...words: readonly string[]) => runCliIn(library, ...words);

  const toLine = ({ mode, revision, refuses }: Declared) => ({
    mode,
    revision,
    settings: { number_of_replicas: 0 },
    ...(refuses ? { mapping: refusing } : {}),
    ...(mode === "managed"
      ? { pipeline: { flushMillis: 200, collectSeconds: 2 } }
      : revision % 2 === 0
        ? { transform: "transforms/example.ts" } // leaves these records as they are
        : {}),
  });

  /** Writes the configuration, as a person edits one, and deploys it. No lines: without the table. */
  async function up(lines: readonly Declared[], more: object = {}): Promise<CommandEnd> {
    const table = {
      source: { dynamodb: SOURCE },
      generations: lines.map(toLine),
      consumerTimeoutSeconds: 15,
      audit: { pollSeconds: 1 },
      manifestBuckets: 2, // an audit starts a process a bucket
      ...more,
    };
    files += 1;
    const file = join(folder, `stack-${files}.yaml`);
    const tables = lines.length === 0 ? {} : { [ALIAS]: table };
    writeFileSync(file, stringify({ config: { "aws:region": "us-east-1", "trueup:tables": tables } }));
    return cli("local", "up", "--stack", "local", "--config", file);
  }

  mkdirSync(folder, { recursive: true });
  requireDone("the first deploy", await up([]));
  const endpoints = readEndpoints();
  const dynamodb = makeDynamodb(endpoints);
  await createSource(dynamodb);
  const startTraffic = makeTraffic(dynamodb);
  const probed: ProbeCounts[] = [];
  let stopWrites = startTraffic();
  let probe: ReturnType<typeof startSearchProbe> | undefined;

  async function stopSearching(): Promise<void> {
    if (probe !== undefined) probed.push(await probe.stop());
    probe = undefined;
  }

  /** Whether searches are answered by something now. */
  async function look(): Promise<TableStatus> {
    const end = await cli("status", ALIAS, "--stack", "local", "--json");
    requireDone("status", end);
    const status = statusOf(end.output);
    if (status.serving !== undefined) probe ??= startSearchProbe(endpoints.search, ALIAS, stillIds);
    return status;
  }

  /** Holds writes for as long as the independent checker compares every record with every document. */
  async function compare(): Promise<Comparison> {
    await stopWrites();
    try {
      const { aws, search } = endpoints;
      return await runChecker({
        source: { aws },
        search,
        table: SOURCE,
        key: KEY,
        alias: ALIAS,
        withinSeconds: SETTLED_SECONDS,
      });
    } finally {
      stopWrites = startTraffic();
    }
  }

  return {
    look,
    compare,
    /** How a deploy of these lines ended; anything but the ends that are defined is an error. */
    deploy: async (lines: readonly Declared[]): Promise<DeployEnd> => toDeployEnd(await up(lines)),
    /** A command about the table that must succeed. */
    command: async (...words: readonly string[]): Promise<void> =>
      requireDone(words.join(" "), await cli(...words, ALIAS, "--stack", "local", "--json")),
    wait: async (): Promise<void> =>
      requireDone("wait", await cli("wait", ALIAS, "--timeout", "5m", "--stack", "local", "--json")),
    upgrade: (): void => {
      library = join(folder, "library");
      edition += 1;
      upgradeLibrary(library, edition);
    },
    /** Ends every process that works for the table's generations. @returns how many there were */
    killFunctions: (): number => readFunctions().reduce((killed, arn) => killed + killFunction(arn), 0),
    /** Searches cannot be answered meanwhile, so nobody searches. */
    crashSearch: async (): Promise<void> => {
      await stopSearching();
      await crashSearch();
      await restartSearch(endpoints.search);
    },
    /** The documents that searches look for go too, so nobody searches. */
    emptyAndRefill: async (): Promise<void> => {
      await stopSearching();
      await stopWrites();
      await emptySource(dynamodb);
      await fillSource(dynamodb, 0);
      stopWrites = startTraffic();
      await compareIfServed();
    },
    /** Takes the whole table away, and every trace of it in the index. */
    retire: async (lines: readonly Declared[]): Promise<void> => {
      await stopSearching();
      requireDone("retire: true", await up(lines, { retire: true }));
      requireDone("the deploy without the table", await up([]));
      const answer = await fetch(`${endpoints.search}/_cat/indices/${ALIAS}-*?h=index`);
      const left = await answer.text();
      if (left.trim() !== "") throw new Error(`a table that is gone has left ${left}`);
    },
    /** Searches since the stack is up. */
    searched: async (): Promise<ProbeCounts> => {
      const all = [...probed, ...(probe === undefined ? [] : [probe.counts()])];
      return all.reduce(
        (sum, counts) => ({
          searches: sum.searches + counts.searches,
          failures: sum.failures + counts.failures,
          shortResults: sum.shortResults + counts.shortResults,
        }),
        { searches: 0, failures: 0, shortResults: 0 },
      );
    },
    stop: async (): Promise<void> => {
      await stopSearching();
      await stopWrites().catch(() => {});
      dynamodb.destroy();
      requireDone("down", await runCliIn(projectRoot, "local", "down"));
    },
  };

  /** Refilled records are searched for again once they are all there. */
  async function compareIfServed(): Promise<void> {
    const answer = await fetch(`${endpoints.search}/_alias/${ALIAS}`);
    if (answer.ok) await compare();
  }
}

function toDeployEnd(end: CommandEnd): DeployEnd {
  const { status, notes } = end;
  if (status === exitCodes.done) return "done";
  if (status === exitCodes.serving && notes.includes("GENERATION_SERVING")) return "serving";
  if (status === exitCodes.error && notes.includes("GENERATION_LIMIT")) return "limit";
  throw new Error(`a deploy ended with ${status}: ${notes}`);
}

function requireDone(what: string, { status, output, notes }: CommandEnd): void {
  if (status !== exitCodes.done) throw new Error(`${what} ended with ${status}: ${notes}${output}`);
}

/** The functions of the table's generations that the stack knows. */
function readFunctions(): readonly string[] {
  const environment = environmentSchema.parse(JSON.parse(readFileSync(localFiles.environment, "utf8")));
  const { generations = [] } = environment.tables[ALIAS] ?? {};
  return generations.flatMap(functionsOf);
}

function functionsOf(generation: GenerationDescriptor): readonly string[] {
  return generation.mode === "custom" ? [generation.consumerFunction, generation.loaderFunction] : [];
}
