import type { BucketedObject } from "./bucketed-object.ts";
import { SyncError } from "./errors.ts";
import type { SourcePosition } from "./manifest-entry.ts";
import type { ObjectStore } from "./ports/object-store.ts";

/** Segments that were merged: every entry of them, by bucket. */
export interface ManifestRun extends BucketedObject {
  /** Rises by one with every run of a manifest. */
  readonly number: number;
  readonly bytes: number;
}

/** The last entry of every document of one bucket. */
export interface ManifestBase {
  readonly key: string;
  readonly bytes: number;
  /** Runs up to this number are in it. */
  readonly throughRun: number;
}

/**
 * What of a manifest is folded, `pointer.json`. What no pointer names does not exist, and one conditional put
 * moves from one state to the next; segments beside it are not folded yet.
 */
export interface ManifestPointer {
  readonly buckets: number;
  readonly nextRun: number;
  /** The newest position of each shard, of folded segments. */
  readonly positions: readonly SourcePosition[];
  readonly runs: readonly ManifestRun[];
  /** One a bucket; null before the first major compaction. */
  readonly bases: readonly (ManifestBase | null)[];
}

/** A pointer with the tag that a conditional replacement needs; `tag` is undefined before the first one. */
export interface TaggedPointer {
  readonly pointer: ManifestPointer;
  readonly tag: string | undefined;
}

/** A DynamoDB shard lives about a day; positions this much older than the newest belong to none any more. */
const SHARD_OF_DYNAMODB = "shard";
const KEPT_POSITION_MILLIS = 8 * 24 * 60 * 60 * 1000;

/**
 * Reads a manifest's pointer.
 *
 * @param folder - the manifest's folder, see `stateLayout.manifest`
 * @param buckets - into how many a manifest is divided that has no pointer yet
 * @throws SyncError `MANIFEST_CORRUPT` when it is no pointer (not retryable)
 */
export async function readPointer(
  store: ObjectStore,
  folder: string,
  buckets: number,
): Promise<TaggedPointer> {
  const found = await store.readTagged(`${folder}pointer.json`);
  if (found === undefined) return { pointer: emptyPointer(buckets), tag: undefined };
  return { pointer: parsePointer(found.text, folder), tag: found.tag };
}

/**
 * Publishes a pointer if nobody did since the one it was made from was read.
 *
 * @param isOurs - tells our pointer from others, where the answer to the put was lost
 */
export async function publishPointer(
  store: ObjectStore,
  folder: string,
  { pointer, tag }: TaggedPointer,
  isOurs: (published: ManifestPointer) => boolean,
): Promise<boolean> {
  if (await store.replace(`${folder}pointer.json`, JSON.stringify(pointer), tag)) return true;
  return isOurs((await readPointer(store, folder, pointer.buckets)).pointer);
}

/** The newest position of each shard. */
export function mergePositions(positions: Iterable<SourcePosition>): readonly SourcePosition[] {
  const newest = new Map<string, SourcePosition>();
  for (const position of positions) {
    const known = newest.get(position.shard);
    if (known === undefined || BigInt(position.sequence) > BigInt(known.sequence)) {
      newest.set(position.shard, position);
    }
  }
  const latest = Math.max(...[...newest.values()].map(({ time }) => time));
  return [...newest.values()]
    .filter(
      ({ shard, time }) => !shard.startsWith(SHARD_OF_DYNAMODB) || time >= latest - KEPT_POSITION_MILLIS,
    )
    .sort((left, right) => (left.shard < right.shard ? -1 : 1));
}

function emptyPointer(buckets: number): ManifestPointer {
  return { buckets, nextRun: 1, positions: [], runs: [], bases: Array.from({ length: buckets }, () => null) };
}

function parsePointer(text: string, folder: string): ManifestPointer {
  try {
    const pointer: ManifestPointer = JSON.parse(text);
    if (pointer.bases.length === pointer.buckets && Array.isArray(pointer.runs)) return pointer;
  } catch (cause) {
    throw corrupt(folder, cause);
  }
  throw corrupt(folder, undefined);
}

function corrupt(folder: string, cause: unknown): SyncError {
  return new SyncError("MANIFEST_CORRUPT", "the manifest's pointer cannot be read", {
    subject: `${folder}pointer.json`,
    fix: "restore the object from the bucket's versions, or raise the generation's revision",
    retryable: false,
    cause,
  });
}
