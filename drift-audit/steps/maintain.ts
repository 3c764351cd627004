import type { AuditPlan } from "../../core/audit-plan.ts";
import { bucketOf } from "../../core/bucket.ts";
import { compactBases, needsMajorCompaction } from "../../core/compact-bases.ts";
import { compactAll } from "../../core/compact-segments.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import { readPointer } from "../../core/manifest-pointer.ts";
import { readBucket } from "../../core/read-manifest.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun, manifestOf } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";

/** Stream retention and a day more: no reader of the log can still bring the deleted record's older state. */
const PURGE_HORIZON_MILLIS = 48 * 60 * 60 * 1000;
const PURGES_A_CALL = 1_000;

/**
 * Keeps index and manifest small: removes tombstones older than the horizon, then folds the manifest's runs
 * into its bases where that is worth it. Asked again until done; every part of it may be repeated.
 */
export async function maintain(
  deps: AuditDeps,
  { table, run }: StepOf<"maintain">,
  deadline: number,
): Promise<{ readonly state: "done" | "more" }> {
  const folder = new AuditRun(deps.store, table, run);
  const plan = await folder.plan();
  if (!(await purgeTombstones(deps, folder, plan, deadline))) return { state: "more" };
  const place = manifestOf(deps, plan);
  await compactAll(place, () => deps.now() < deadline);
  const { pointer } = await readPointer(place.store, place.folder, place.buckets);
  if (!needsMajorCompaction(pointer)) return { state: "done" };
  const forgetBefore = deps.now() - 2 * PURGE_HORIZON_MILLIS;
  await compactBases(place, forgetBefore, () => deps.now() < deadline);
  // Another compactor may have been faster; then there is nothing left to do for this one.
  return { state: deps.now() < deadline ? "done" : "more" };
}

/** While a load is open, a row of it could bring back what a purged tombstone kept away. [H12] */
async function purgeTombstones(
  deps: AuditDeps,
  folder: AuditRun,
  plan: AuditPlan,
  deadline: number,
): Promise<boolean> {
  const control = await deps.control.read(plan.table.table);
  const load = control.generations[plan.generation.generation]?.load;
  if (load?.state !== "done") return true;
  const { store, folder: manifest, buckets } = manifestOf(deps, plan);
  const before = plan.startedAt - PURGE_HORIZON_MILLIS;
  const begun = (await folder.find<number>("purged.json")) ?? 0;
  for (let bucket = begun; bucket < buckets; bucket += 1) {
    const latest = foldEntries(await readBucket(store, manifest, buckets, bucket));
    const old = [...latest.values()].filter(
      (entry) => isPurgeable(entry, before) && bucketOf(entry.id, buckets) === bucket,
    );
    for (let start = 0; start < old.length; start += PURGES_A_CALL) {
      await purgeSome(deps, plan, old.slice(start, start + PURGES_A_CALL));
    }
    if (deps.now() < deadline) continue;
    await folder.write("purged.json", bucket + 1);
    return bucket + 1 === buckets;
  }
  return true;
}

function isPurgeable({ state, tied, sourceTime }: ManifestEntry, before: number): boolean {
  return state === "deleted" && !tied && sourceTime < before;
}

/** Each purge that succeeded is a fact of its own, or the next audit would miss the tombstone. */
async function purgeSome(
  deps: AuditDeps,
  plan: AuditPlan,
  tombstones: readonly ManifestEntry[],
): Promise<void> {
  const { generation, indexUuid, index, mode, transformHash } = plan.generation;
  // A managed generation has no tombstones in its index: only the manifest forgets.
  const outcomes = mode === "managed" ? tombstones : await deps.inspector.purge(index, tombstones);
  const entries = tombstones.flatMap((entry, place): ManifestEntry[] => {
    const outcome = outcomes[place];
    if (outcome === undefined) return [];
    const { seqNo, primaryTerm } = outcome;
    return [{ ...entry, seqNo, primaryTerm, state: "purged", sourceTime: deps.now() }];
  });
  if (entries.length === 0) return;
  await deps.appender.append({
    generation,
    indexUuid,
    transformHash,
    origin: "audit",
    positions: [],
    entries,
  });
}
