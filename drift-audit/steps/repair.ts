import type { AuditPlan } from "../../core/audit-plan.ts";
import { bucketOf } from "../../core/bucket.ts";
import type { Finding } from "../../core/finding.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { addToFold } from "../../core/manifest-fold.ts";
import type { Unrepairable } from "../../core/ports/unrepairable-log.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { isRepaired, toReindexRequests } from "../../core/repair.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun, manifestOf } from "../audit-run.ts";
import { foldWritten } from "../fold-written.ts";
import type { StepOf } from "../step-event.ts";
import { readCompared } from "./check-counts.ts";

/** What was asked of the consumer, and how far it got: `repair.json`. */
export interface RepairState {
  /** Epoch milliseconds. */
  readonly askedAt: number;
  readonly progressAt: number;
  /** Drift that is not settled yet. */
  readonly open: readonly Finding[];
  readonly repaired: number;
  readonly unrepairable: readonly string[];
}

/** A repair that nothing came of for this long is left to the next audit. */
const LONGEST_SILENCE_MILLIS = 10 * 60 * 1000;
/** A re-read carries the reader's clock, which may be behind ours. */
const CLOCK_MARGIN_MILLIS = 1_000;
const REQUESTS_A_CALL = 1_000;
const EVERYTHING = Number.POSITIVE_INFINITY;

/** Asks the consumer to read again what was found, drift and ambiguous alike. Asking twice does no harm. */
export async function requestRepair(deps: AuditDeps, { table, run }: StepOf<"repair">): Promise<object> {
  const folder = new AuditRun(deps.store, table, run);
  const plan = await folder.plan();
  const findings = await readFindings(deps, folder, plan);
  const askedAt = deps.now();
  const queue = deps.accessTo(plan.table).queueOf(plan.generation.reindexQueueUrl);
  for (let start = 0; start < findings.length; start += REQUESTS_A_CALL) {
    const some = findings.slice(start, start + REQUESTS_A_CALL);
    await queue.send(toReindexRequests(some, run, askedAt, deps.newName));
  }
  const open = findings.filter(({ kind }) => kind !== "ambiguous");
  const state: RepairState = { askedAt, progressAt: askedAt, open, repaired: 0, unrepairable: [] };
  await folder.write("repair.json", state);
  return { requests: findings.length };
}

/** What this run found, or the run it was approved for. */
async function readFindings(deps: AuditDeps, folder: AuditRun, plan: AuditPlan): Promise<readonly Finding[]> {
  const found =
    plan.approved === undefined ? folder : new AuditRun(deps.store, plan.table.table, plan.approved);
  return (await readCompared(found, plan)).flatMap(({ findings }) => findings);
}

/** Looks at what is still open: repaired, given up by the consumer, or to be waited for until it goes silent. */
export async function recheckRepairs(
  deps: AuditDeps,
  { table, run }: StepOf<"recheck">,
  deadline: number,
): Promise<{ readonly state: "settled" | "waiting" }> {
  const folder = new AuditRun(deps.store, table, run);
  const [plan, before] = await Promise.all([folder.plan(), folder.read<RepairState>("repair.json")]);
  await foldWritten(deps, folder, plan, () => deps.now() < deadline);
  const givenUp = await readUnrepairable(deps, plan);
  const open = before.open.filter(({ id }) => !givenUp.has(id));
  const left = await keepOpen(deps, plan, open, before.askedAt);
  const now = deps.now();
  const after: RepairState = {
    ...before,
    open: left,
    repaired: before.repaired + open.length - left.length,
    unrepairable: [...givenUp],
    progressAt: left.length < before.open.length ? now : before.progressAt,
  };
  await folder.write("repair.json", after);
  const silence = LONGEST_SILENCE_MILLIS + plan.table.consumerTimeoutSeconds * 1000;
  return { state: left.length === 0 || now - after.progressAt > silence ? "settled" : "waiting" };
}

async function readUnrepairable(
  { store }: AuditDeps,
  { table, run }: AuditPlan,
): Promise<ReadonlySet<string>> {
  const listed = await store.list(stateLayout.unrepairable(table.table, run), EVERYTHING);
  const ids = new Set<string>();
  for (const { key } of listed) {
    const noted: Unrepairable = JSON.parse((await store.readText(key)) ?? "{}");
    ids.add(noted.id);
  }
  return ids;
}

async function keepOpen(
  deps: AuditDeps,
  plan: AuditPlan,
  open: readonly Finding[],
  askedAt: number,
): Promise<readonly Finding[]> {
  const winners = await readWinners(deps, plan, open);
  const ids = open.map(({ id }) => id);
  const live = await deps.inspector.readLive(plan.generation.index, ids);
  return open.filter(
    (finding, place) =>
      !isRepaired(
        finding,
        winners(finding),
        live[place],
        askedAt - CLOCK_MARGIN_MILLIS,
        plan.generation.mode,
      ),
  );
}

/** Folds what the manifest knows of the documents and records of findings, bucket by bucket. */
async function readWinners(
  deps: AuditDeps,
  plan: AuditPlan,
  findings: readonly Finding[],
): Promise<(finding: Finding) => readonly ManifestEntry[]> {
  const { store, folder, buckets } = manifestOf(deps, plan);
  const names = new Set(findings.flatMap(({ id, recordId }) => [id, recordId]));
  const folded = new Map<string, ManifestEntry>();
  for (const bucket of new Set([...names].map((name) => bucketOf(name, buckets)))) {
    for (const entry of await readBucket(store, folder, buckets, bucket)) {
      if (names.has(entry.id) || names.has(entry.recordId)) addToFold(folded, entry);
    }
  }
  const byRecord = Map.groupBy(folded.values(), ({ recordId }) => recordId);
  return ({ id, recordId }) => {
    const own = folded.get(id);
    return [...(byRecord.get(recordId) ?? []), ...(own === undefined ? [] : [own])];
  };
}
