import { compactAll, type ManifestPlace } from "../../core/compact-segments.ts";
import { SyncError } from "../../core/errors.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { GenerationDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { manifestOf } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";
import { ingestSent } from "./ingest-sent.ts";

/** How a pipeline's own load stands; `failed` says why. */
export type ManagedLoad =
  | { readonly state: "running" }
  | { readonly state: "done"; readonly exportArn: string; readonly exportTime: string }
  | { readonly state: "failed"; readonly cause: string };

/** A pipeline skips a row it cannot convert, and says so only in its log: then the audit tells what is missing. */
const LONGEST_QUIET_MILLIS = 15 * 60 * 1000;

/**
 * Whether a managed pipeline has loaded its export: it begins with its stream only then, so it has once as many
 * documents were sent as the export has items, or nothing has come out of it for {@link LONGEST_QUIET_MILLIS}.
 *
 * Costs a read of the whole manifest, so only when nothing more comes out of the pipeline.
 */
export async function checkManagedLoad(
  deps: AuditDeps,
  { table, generation: name }: StepOf<"check-managed-load">,
  deadline: number,
): Promise<ManagedLoad> {
  const generation = requireManaged(table, name);
  const prefix = stateLayout.managedExport(table.table, name, generation.indexUuid);
  const { exports } = deps.accessTo(table);
  const found = await exports.find(prefix);
  if (found === undefined) return { state: "running" };
  const state = await exports.check(found.exportArn, () => deps.now() < deadline);
  if (state.state === "failed")
    return { state: "failed", cause: `the pipeline's export failed: ${state.cause}` };
  const mayGoOn = () => deps.now() < deadline;
  const { done, objects } = await ingestSent(deps, generation, mayGoOn);
  const place = manifestOf(deps, { table, generation });
  // While the export runs nothing can come out: that is no silence.
  const isBusy = state.state === "running" || !done || objects > 0;
  const quietMillis = await noteQuiet(deps, `${place.folder}load-quiet.json`, isBusy);
  if (isBusy) return { state: "running" };
  if (!(await compactAll(place, mayGoOn))) return { state: "running" };
  if (quietMillis < LONGEST_QUIET_MILLIS && (await countSent(place)) < (state.items ?? 0))
    return { state: "running" };
  return { state: "done", exportArn: found.exportArn, exportTime: new Date(found.exportTime).toISOString() };
}

/** How long nothing has come out of the pipeline. */
async function noteQuiet({ store, now }: AuditDeps, key: string, isBusy: boolean): Promise<number> {
  const noted = isBusy ? undefined : await store.readText(key);
  if (noted !== undefined) return now() - Number(noted);
  await store.writeText(key, String(now()));
  return 0;
}

/** Distinct documents that were sent and folded, one bucket in memory at a time. */
async function countSent(place: ManifestPlace): Promise<number> {
  let count = 0;
  for (let bucket = 0; bucket < place.buckets; bucket += 1) {
    count += foldEntries(await readBucket(place.store, place.folder, place.buckets, bucket)).size;
  }
  return count;
}

function requireManaged(table: TableDescriptor, name: string): GenerationDescriptor {
  const found = table.generations.find(({ generation }) => generation === name);
  if (found?.mode === "managed") return found;
  throw new SyncError("GENERATION_UNKNOWN", "the table has no such managed generation", {
    subject: `${name} of ${table.table}`,
    fix: "deploy workflow and function from one release",
    retryable: false,
  });
}
