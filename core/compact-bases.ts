import type { ManifestPlace } from "./compact-segments.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";
import { foldEntries } from "./manifest-fold.ts";
import { type ManifestBase, type ManifestPointer, publishPointer, readPointer } from "./manifest-pointer.ts";
import { encodePart } from "./manifest-run.ts";
import { readPointedBucket } from "./read-manifest.ts";

/** How many runs may pile up before they are folded into the bases; each costs every bucket's reader a request. */
const MAXIMUM_RUNS = 12;
/** How large runs may grow beside the bases: read cost against rewrite cost. */
const RUNS_TO_BASES = 0.5;
/** Buckets folded between two publications. */
const BUCKETS_A_PASS = 8;

/** Whether folding the runs into the bases is worth writing the bases anew. */
export function needsMajorCompaction({ runs, bases }: ManifestPointer): boolean {
  const runBytes = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const baseBytes = bases.reduce((sum, base) => sum + (base?.bytes ?? 0), 0);
  return runs.length > MAXIMUM_RUNS || (runs.length > 1 && runBytes > baseBytes * RUNS_TO_BASES);
}

/**
 * Folds the runs into new bases, some buckets at a time, and deletes what no pointer names any more: a major
 * compaction. Under the same rules as {@link compactSegments}: one publisher wins, only it deletes.
 *
 * @param forgetPurgedBefore - `purged` and `announced` entries with a source time before it leave the base; epoch milliseconds
 * @returns whether every run that existed at the call is folded; false also when another compactor was faster
 */
export async function compactBases(
  place: ManifestPlace,
  forgetPurgedBefore: number,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const throughRun = (await readPointer(place.store, place.folder, place.buckets)).pointer.nextRun - 1;
  do {
    const pass = await foldSome(place, throughRun, forgetPurgedBefore);
    if (pass !== "some") return pass === "all";
  } while (mayGoOn());
  return false;
}

async function foldSome(
  { store, folder, buckets, newName }: ManifestPlace,
  throughRun: number,
  forgetPurgedBefore: number,
): Promise<"some" | "all" | "lost"> {
  const { pointer, tag } = await readPointer(store, folder, buckets);
  const behind = pointer.bases.flatMap((base, bucket) =>
    (base?.throughRun ?? 0) < throughRun ? [bucket] : [],
  );
  if (behind.length === 0) return "all";
  const made = new Map<number, ManifestBase>();
  const fold = newName();
  for (const bucket of behind.slice(0, BUCKETS_A_PASS)) {
    const entries = await readPointedBucket(store, pointer, bucket);
    if (entries === undefined) return discard(store, made);
    const kept = [...foldEntries(entries).values()].filter((entry) => isKept(entry, forgetPurgedBefore));
    const key = `${folder}base/${fold}/${bucket}.gz`;
    const [, bytes = 0] = await store.writeParts(key, [encodePart(kept)]);
    made.set(bucket, { key, bytes, throughRun: pointer.nextRun - 1 });
  }
  const next = withBases(pointer, made);
  const isOurs = ({ bases }: ManifestPointer) => bases.some((base) => base?.key.includes(fold) ?? false);
  if (!(await publishPointer(store, folder, { pointer: next, tag }, isOurs))) return discard(store, made);
  await store.remove(unnamed(pointer, next));
  return behind.length <= BUCKETS_A_PASS ? "all" : "some";
}

async function discard(
  store: ManifestPlace["store"],
  made: ReadonlyMap<number, ManifestBase>,
): Promise<"lost"> {
  await store.remove([...made.values()].map(({ key }) => key));
  return "lost";
}

function isKept({ state, sourceTime }: ManifestEntry, forgetPurgedBefore: number): boolean {
  return !isAbsent(state) || sourceTime >= forgetPurgedBefore;
}

/** A run that every bucket has folded is named no more. */
function withBases(pointer: ManifestPointer, made: ReadonlyMap<number, ManifestBase>): ManifestPointer {
  const bases = pointer.bases.map((base, bucket) => made.get(bucket) ?? base);
  const folded = Math.min(...bases.map((base) => base?.throughRun ?? 0));
  return { ...pointer, bases, runs: pointer.runs.filter(({ number }) => number > folded) };
}

function unnamed(before: ManifestPointer, after: ManifestPointer): string[] {
  const named = new Set(
    [...after.runs, ...after.bases.filter((base) => base !== null)].map(({ key }) => key),
  );
  const all = [...before.runs, ...before.bases.filter((base) => base !== null)].map(({ key }) => key);
  return all.filter((key) => !named.has(key));
}
