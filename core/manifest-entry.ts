import type { ExternalVersion } from "./external-version.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** What the document was, when OpenSearch acknowledged it. */
export type EntryState =
  /** A live document. */
  | "present"
  /** A tombstone: the source record is gone. */
  | "deleted"
  /** A tombstone: the record exists, the transform made no document of it. */
  | "omitted"
  /** A tombstone that was removed from the index for good; counts as absent. */
  | "purged"
  /** A re-read is about to write it and may die before it learns the answer; counts as absent. */
  | "announced"
  /** A managed pipeline sent it and the index refused it for good; counts as absent. */
  | "refused";

/** Whether a document of this state need not be in the index, not even as a tombstone. */
export function isAbsent(state: EntryState): boolean {
  return state === "purged" || state === "announced" || state === "refused";
}

/**
 * One write that OpenSearch acknowledged, or, `announced`, one that nobody may ever hear of. In a managed generation
 * one that was sent: nobody learns there what became of it, and its version stands for its place (`managedPlace`).
 *
 * Entries are facts, appended and never changed; the fold ({@link foldEntries}) tells which is the last.
 */
export interface ManifestEntry {
  /** Document id in the index. */
  readonly id: string;
  /** The source record it was made from, see `core/document-id.ts`; equals `id` for most. */
  readonly recordId: string;
  readonly version: ExternalVersion;
  /** Digest of the source record; empty when the record is gone (`deleted`, `purged`). */
  readonly fingerprint: Fingerprint | "";
  readonly state: EntryState;
  /** With `primaryTerm`, the order in which the index took its writes; both 0 where it was only announced. */
  readonly seqNo: number;
  readonly primaryTerm: number;
  /** Several changes of the document shared this version: what the index holds is not certain. */
  readonly tied: boolean;
  /** When the change was made at the source, or a re-read began, or an export was taken; epoch milliseconds. */
  readonly sourceTime: number;
  /** Which transform made the document; entries of another hash than the current one are `stale`. */
  readonly transformHash: string;
}

/** Where a reader stood in the source's log when a segment was written. */
export interface SourcePosition {
  readonly shard: string;
  /** Sequence number of the last record of the shard that is fully dealt with. */
  readonly sequence: string;
  /** That record's creation time, epoch milliseconds. */
  readonly time: number;
}

/** Who wrote a segment. */
export type SegmentOrigin = "stream" | "reindex" | "load" | "audit";

/** What one invocation got acknowledged: the unit that is put to S3. */
export interface ManifestSegment {
  readonly generation: string;
  readonly indexUuid: string;
  readonly transformHash: string;
  readonly origin: SegmentOrigin;
  /** Empty unless `origin` is `stream`. A segment may carry positions and no entries. */
  readonly positions: readonly SourcePosition[];
  readonly entries: readonly ManifestEntry[];
}
