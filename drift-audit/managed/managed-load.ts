import type { ManifestPlace } from "../../core/compact-segments.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import { readBucket } from "../../core/read-manifest.ts";
import type { AuditDeps } from "../audit-deps.ts";

/** How a pipeline's own load stands; `failed` says why. */
export type ManagedLoad =
  | { readonly state: "running" }
  | { readonly state: "done"; readonly exportArn: string; readonly exportTime: string }
  | { readonly state: "failed"; readonly cause: string };

/** A pipeline skips a row it cannot convert, and says so only in its log: then the audit tells what is missing. */
export const LONGEST_QUIET_MILLIS = 15 * 60 * 1000;

/** How long nothing of its load has come out of the pipeline. */
export async function noteQuiet(
  { store, now }: AuditDeps,
  { folder }: ManifestPlace,
  isBusy: boolean,
): Promise<number> {
  const key = `${folder}load-quiet.json`;
  const noted = isBusy ? undefined : await store.readText(key);
  if (noted !== undefined) return now() - Number(noted);
  await store.writeText(key, String(now()));
  return 0;
}

/** Distinct documents that were sent and folded, one bucket in memory at a time. */
export async function countSent(place: ManifestPlace): Promise<number> {
  let count = 0;
  for (let bucket = 0; bucket < place.buckets; bucket += 1) {
    count += foldEntries(await readBucket(place.store, place.folder, place.buckets, bucket)).size;
  }
  return count;
}
