/**
 * How long a stack's preview takes with many tables: `node bench/preview.ts [tables …]`.
 *
 * Runs the whole program of `stacks/` under Pulumi's mocks as a first preview, where no output is known, bundles built
 * included, each size in a process of its own. Pulumi's engine and providers, which ask AWS, come on top of it.
 * Every other table is managed, every fourth has two generations.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import Table from "cli-table3";
import { runProgram } from "../stacks/program.ts";

const CHILD = "TRUEUP_BENCH_PREVIEW_TABLES";
const SIZES = [10, 100, 300, 1000];

/** What one preview took. */
interface Preview {
  readonly tables: number;
  readonly resources: number;
  readonly seconds: number;
  /** Of all threads; on a machine that others use it says more than the clock. */
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

const asked = process.env[CHILD];
if (asked === undefined) compareSizes();
else console.log(JSON.stringify(await preview(Number(asked))));

function compareSizes(): void {
  const given = process.argv.slice(2).map(Number);
  const sizes = given.length === 0 ? SIZES : given;
  const head = ["tables", "resources", "s", "s of a processor", "ms of it a table", "MB at the most"];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { tables, resources, seconds, processorSeconds, peakMegabytes } of sizes.map(previewApart)) {
    table.push([
      tables,
      resources,
      seconds.toFixed(1),
      processorSeconds.toFixed(1),
      ((processorSeconds * 1000) / tables).toFixed(0),
      peakMegabytes.toFixed(0),
    ]);
  }
  console.log(table.toString());
}

/** One size after another, and none in the memory of the one before. */
function previewApart(tables: number): Preview {
  const env = { ...process.env, [CHILD]: String(tables) };
  const words = [fileURLToPath(import.meta.url)];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the preview of ${tables} tables failed: ${stderr}`);
  return JSON.parse(stdout);
}

async function preview(tables: number): Promise<Preview> {
  const counted = { resources: 0 };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => {
        counted.resources += 1;
        return { id: undefined, state: inputs };
      },
      call: ({ inputs }) => inputs,
    },
    "trueup",
    "bench",
    true,
  );
  const started = performance.now();
  const before = process.cpuUsage();
  await runProgram(makeConfiguration(tables), { stack: "bench", projectRoot: process.cwd() });
  await pulumi.runtime.disconnect();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const processorSeconds = (user + system) / 1e6;
  return {
    tables,
    ...counted,
    seconds,
    processorSeconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

function makeConfiguration(tables: number) {
  const names = Array.from({ length: tables }, (_, place) => [`table-${place}`, declare(place)] as const);
  const domain = { instanceType: "r7g.large.search", instanceCount: 3 };
  return { target: { domain }, tables: Object.fromEntries(names) };
}

function declare(place: number) {
  const source = { create: { partitionKey: { name: "id", type: "S" } } };
  const mode = place % 2 === 0 ? "custom" : "managed";
  if (place % 4 > 0) return { source, mode };
  return { source, generations: [{ mode }, { mode: "managed", revision: 2 }] };
}
