import { bucketOf } from "./bucket.ts";
import { linesOf, readBucketPart } from "./bucketed-object.ts";
import { SyncError } from "./errors.ts";
import { decodeSegment, decodeSegmentHeader } from "./manifest-codec.ts";
import type { ManifestEntry } from "./manifest-entry.ts";
import { foldEntries } from "./manifest-fold.ts";
import { type ManifestPointer, mergePositions, readPointer } from "./manifest-pointer.ts";
import { decodePart } from "./manifest-run.ts";
import { mapLimited } from "./map-limited.ts";
import type { ObjectStore } from "./ports/object-store.ts";
import type { PositionReader } from "./ports/position-reader.ts";
import type { KnownDocument, RecordDocuments } from "./ports/record-documents.ts";
import { stateLayout } from "./state-layout.ts";

/** How often a reader starts again when a compactor moved things under its feet. */
const MAXIMUM_TRIES = 8;
const READS_AT_ONCE = 32;
const EVERYTHING = Number.POSITIVE_INFINITY;

/**
 * Reads all folded entries of one bucket: those of its base, and every single one of its runs.
 *
 * Segments are not read: compact first to see what was written up to then.
 *
 * @throws SyncError `MANIFEST_CORRUPT` when objects the pointer names are gone for good (retryable: another reader may have moved them)
 */
export async function readBucket(
  store: ObjectStore,
  folder: string,
  buckets: number,
  bucket: number,
): Promise<Iterable<ManifestEntry>> {
  return again(folder, async () => {
    const { pointer } = await readPointer(store, folder, buckets);
    return readPointedBucket(store, pointer, bucket);
  });
}

/** @returns undefined when an object the pointer names was deleted, that is, when the pointer is old */
export async function readPointedBucket(
  store: ObjectStore,
  { bases, runs }: ManifestPointer,
  bucket: number,
): Promise<Iterable<ManifestEntry> | undefined> {
  const base = bases[bucket] ?? undefined;
  const newer = runs.filter(({ number }) => number > (base?.throughRun ?? 0));
  const texts = await Promise.all([
    base === undefined ? "" : store.readPart(base.key, 0, base.bytes),
    ...newer.map((run) => readBucketPart(store, run, bucket)),
  ]);
  const there = texts.filter((text) => text !== undefined);
  return there.length === texts.length ? decodeAll(there) : undefined;
}

/**
 * Tells how far a generation's consumers got, segments that are not folded yet included.
 *
 * Reads only; costs one request a stream segment written since the last compaction.
 */
export function makePositionReader(store: ObjectStore): PositionReader {
  return {
    positions: (generation, indexUuid) => {
      const folder = stateLayout.manifest(generation, indexUuid);
      return again(folder, async () => {
        const found = await readUnfolded(store, folder, (key) => key.includes("-stream-"));
        if (found === undefined) return undefined;
        const headers = found.texts.map((text) => decodeSegmentHeader(text.slice(0, text.indexOf("\n"))));
        return mergePositions([...found.pointer.positions, ...headers.flatMap(({ positions }) => positions)]);
      });
    },
  };
}

/** Looks records' documents up in one generation's manifest, segments that are not folded yet included. */
export function makeRecordDocuments(
  store: ObjectStore,
  { generation, indexUuid }: { readonly generation: string; readonly indexUuid: string },
): RecordDocuments {
  const folder = stateLayout.manifest(generation, indexUuid);
  return {
    list: async (recordIds) => {
      if (recordIds.length === 0) return [];
      return again(folder, async () => {
        const wanted = new Set(recordIds);
        const entries = await readEntriesOf(store, folder, wanted);
        if (entries === undefined) return undefined;
        const byRecord = Map.groupBy(foldEntries(entries).values(), ({ recordId }) => recordId);
        return recordIds.map((recordId) => (byRecord.get(recordId) ?? []).map(toKnownDocument));
      });
    },
  };
}

/** @returns the entries of some records; undefined when the pointer is old */
async function readEntriesOf(
  store: ObjectStore,
  folder: string,
  wanted: ReadonlySet<string>,
): Promise<readonly ManifestEntry[] | undefined> {
  const found = await readUnfolded(store, folder, () => true);
  if (found === undefined) return undefined;
  const entries: ManifestEntry[] = [];
  for (const bucket of new Set([...wanted].map((recordId) => bucketOf(recordId, found.pointer.buckets)))) {
    const folded = await readPointedBucket(store, found.pointer, bucket);
    if (folded === undefined) return undefined;
    for (const entry of folded) if (wanted.has(entry.recordId)) entries.push(entry);
  }
  for (const text of found.texts) {
    for (const entry of decodeSegment(text).entries) if (wanted.has(entry.recordId)) entries.push(entry);
  }
  return entries;
}

/** Reads segments; the pointer must be the same before and after listing, or a segment could be in neither. */
async function readUnfolded(
  store: ObjectStore,
  folder: string,
  isWanted: (key: string) => boolean,
): Promise<{ readonly pointer: ManifestPointer; readonly texts: readonly string[] } | undefined> {
  const before = await readPointer(store, folder, 1);
  const listed = await store.list(`${folder}segments/`, EVERYTHING);
  const wanted = listed.filter(({ key }) => isWanted(key));
  const texts = await mapLimited(wanted, READS_AT_ONCE, ({ key }) => store.readText(key));
  const after = await readPointer(store, folder, 1);
  if (before.tag !== after.tag) return undefined;
  return {
    pointer: before.pointer,
    texts: texts.filter((text) => text !== undefined && linesOf(text).length > 0) as string[],
  };
}

async function again<Result>(folder: string, attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 0; tries < MAXIMUM_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new SyncError("MANIFEST_CORRUPT", "objects that the manifest's pointer names are not there", {
    subject: folder,
    fix: "restore them from the bucket's versions, or raise the generation's revision",
    retryable: true,
  });
}

function* decodeAll(texts: readonly string[]): Generator<ManifestEntry> {
  for (const text of texts) yield* decodePart(text);
}

function toKnownDocument({ id, version, state }: ManifestEntry): KnownDocument {
  return { id, version, live: state === "present" };
}
