/**
 * What a function's cold start costs on this machine: `node bench/cold-start.ts [rounds]`.
 *
 * Each bundle, as it is uploaded, is loaded by a new Node process until its handler is there; the baseline in the same
 * turn is a process that loads nothing. Lambda adds fetching the zip and starting its own runtime.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { unzipSync } from "fflate";
import { type FunctionEntry, makeCodeBuilder } from "../components/function-code.ts";
import type { AuditSettings, ConsumerSettings, LifecycleSettings } from "../core/settings.ts";
import { median } from "./bench-options.ts";

const ROUNDS = Number(process.argv[2] ?? 15);
const ENTRIES: readonly FunctionEntry[] = [
  "fallback-consumer/dynamodb-stream",
  "fallback-consumer/reindex",
  "fallback-consumer/bulk-load",
  "drift-audit/drift-audit",
  "index-lifecycle/index-lifecycle",
];
/** Everything a function reads from its settings; nothing is connected to before the first event. */
const SETTINGS: ConsumerSettings & AuditSettings & LifecycleSettings = {
  environment: "bench",
  table: "bench",
  generation: "bench-custom-1",
  mode: "custom",
  touches: false,
  indexUuid: "u",
  writeAlias: "w",
  stateBucket: "b",
  transformHash: "identity",
  deadLetterQueueUrl: "q",
  reindexQueueUrl: "q",
  transformConfiguration: {},
  transformSecrets: {},
  topicArn: "t",
  target: { endpoint: "https://127.0.0.1:1", authentication: { kind: "none" } },
  source: { kind: "dynamodb", tableName: "t", key: { partitionKey: { name: "id", type: "S" } } },
  maximumCutoverLagSeconds: 60,
};
const LOAD =
  'const { handler } = await import("./index.mjs"); if (typeof handler !== "function") process.exit(1);';

const scratch = mkdtempSync(join(tmpdir(), "trueup-cold-start-"));
const builder = makeCodeBuilder(process.cwd());
const table = new Table({
  head: ["function", "KB", "KB zipped", "ms to its handler"],
  style: { head: [], border: [] },
});
for (const entry of ENTRIES) {
  const { file, bytes } = builder.build(entry);
  const zip = readFileSync(file);
  const folder = join(scratch, entry.replace("/", "-"));
  mkdirSync(folder);
  writeFileSync(join(folder, "index.mjs"), unzipSync(zip)["index.mjs"] ?? "");
  const rounds = Array.from({ length: ROUNDS }, () => time(folder, LOAD) - time(folder, "0"));
  table.push([entry, toKilobytes(bytes), toKilobytes(zip.length), median(rounds).toFixed(0)]);
}
rmSync(scratch, { recursive: true });
console.log(`${ROUNDS} rounds, median, above a Node process that loads nothing\n${table.toString()}`);

/** Milliseconds that a new Node process takes for a script. */
function time(cwd: string, script: string): number {
  const env = { TRUEUP_SETTINGS: JSON.stringify(SETTINGS), AWS_REGION: "eu-central-1" };
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd, env });
  if (status !== 0) throw new Error(`a function did not load: ${stderr}`);
  return performance.now() - started;
}

function toKilobytes(bytes: number): string {
  return Math.round(bytes / 1000).toLocaleString("en");
}
