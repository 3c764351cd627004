import { mergePositions, publishPointer, readPointer, type TaggedPointer } from "./manifest-pointer.ts";
import { RunBuilder } from "./manifest-run.ts";
import { mapLimited } from "./map-limited.ts";
import type { ObjectStore, StoredObject } from "./ports/object-store.ts";

/** One manifest, and what its compaction needs from outside. */
export interface ManifestPlace {
  readonly store: ObjectStore;
  /** See `stateLayout.manifest`. */
  readonly folder: string;
  readonly buckets: number;
  /** A name never given before: two compactors must not write one object. */
  readonly newName: () => string;
}

/** What one pass did: `lost` = another compactor was faster, and nothing of this pass remains. */
export type CompactionPass = "nothing" | "lost" | "some" | "all";

/** Bounds the memory of a pass: compressed bytes, of which about 45 make an entry. */
const MAXIMUM_PASS_BYTES = 24 * 1024 * 1024;
const MAXIMUM_PASS_SEGMENTS = 5_000;
const READS_AT_ONCE = 32;

/**
 * Merges segments into a run, publishes it, and deletes what it merged: a minor compaction.
 *
 * Any number of compactors may run at once. The pointer's conditional put lets one win; only the winner
 * deletes, and only segments it read, so an entry is always in a segment or in a run that a pointer names.
 * A crash after publishing leaves segments that are merged again, which the fold does not notice.
 */
export async function compactSegments(place: ManifestPlace): Promise<CompactionPass> {
  const { store, folder, buckets, newName } = place;
  const before = await readPointer(store, folder, buckets);
  const listed = await store.list(`${folder}segments/`, MAXIMUM_PASS_SEGMENTS);
  const segments = takeUpTo(listed, MAXIMUM_PASS_BYTES);
  if (segments.length === 0) return "nothing";
  const run = new RunBuilder(before.pointer.buckets);
  const texts = await mapLimited(segments, READS_AT_ONCE, ({ key }) => store.readText(key));
  for (const text of texts) {
    // Deleted by a winner since it was listed: what this pass would publish is old.
    if (text === undefined) return "lost";
    run.addSegment(text);
  }
  const key = `${folder}runs/${newName()}.gz`;
  const after = await withRun(before, run, store, key);
  if (!(await publishPointer(store, folder, after, ({ runs }) => runs.some((made) => made.key === key)))) {
    await store.remove([key]);
    return "lost";
  }
  await store.remove(segments.map((segment) => segment.key));
  return segments.length === listed.length && listed.length < MAXIMUM_PASS_SEGMENTS ? "all" : "some";
}

/**
 * Compacts until every segment that existed at the call is folded, by whomever.
 *
 * @param mayGoOn - asked between passes; false ends it early
 * @returns whether it was finished
 */
export async function compactAll(place: ManifestPlace, mayGoOn: () => boolean): Promise<boolean> {
  do {
    const pass = await compactSegments(place);
    if (pass === "nothing" || pass === "all") return true;
  } while (mayGoOn());
  return false;
}

async function withRun(
  { pointer, tag }: TaggedPointer,
  run: RunBuilder,
  store: ObjectStore,
  key: string,
): Promise<TaggedPointer> {
  const positions = mergePositions([...pointer.positions, ...run.positions]);
  if (run.lines.count === 0) {
    // Positions alone make no run; the count tells this pointer from one of another compactor.
    return { tag, pointer: { ...pointer, positions, nextRun: pointer.nextRun + 1 } };
  }
  const { offsets } = await run.lines.write(store, key, run.header);
  const made = { key, offsets, number: pointer.nextRun, bytes: offsets.at(-1) ?? 0 };
  return {
    tag,
    pointer: { ...pointer, positions, nextRun: pointer.nextRun + 1, runs: [...pointer.runs, made] },
  };
}

function takeUpTo(listed: readonly StoredObject[], maximumBytes: number): readonly StoredObject[] {
  let bytes = 0;
  let count = 0;
  for (const segment of listed) {
    bytes += segment.bytes;
    if (count > 0 && bytes > maximumBytes) break;
    count += 1;
  }
  return listed.slice(0, count);
}
