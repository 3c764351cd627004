import type { DocumentRow } from "./audit-rows.ts";
import type { Comparison, Finding } from "./finding.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";
import { addToFold, foldEntries } from "./manifest-fold.ts";

/** One shard of an index, as it was looked at. */
export interface ObservedShard {
  readonly shard: number;
  /** Documents and entries above this sequence number are judged; -1 = all. */
  readonly from: number;
  /** The global checkpoint: documents and entries above it are not judged. */
  readonly checkpoint: number;
  readonly historyUuid: string;
}

/** What stage 2 found in one bucket, and how many documents each shard should hold because of it. */
export interface IndexComparison extends Comparison {
  /** By shard: live documents at or below the checkpoint that this bucket accounts for, right or wrong. */
  readonly expected: Readonly<Record<number, number>>;
  /** By shard: documents of which nobody can say whether they were live then; none where sequence numbers tell. */
  readonly uncertain: Readonly<Record<number, number>>;
}

/**
 * Stage 2, manifest = index, for one bucket: joins listed documents and manifest entries on the document id.
 *
 * Judged are only documents and entries above `from` and at or below the checkpoint; a document whose last
 * write lies above it is being changed and waits for the next audit.
 *
 * @param documents - of this bucket, all that the index listed above `from`, also those above the checkpoint
 * @param entries - of this bucket, every entry there is, not folded
 */
export function compareIndex(
  documents: Iterable<DocumentRow>,
  entries: readonly ManifestEntry[],
  shards: ReadonlyMap<number, ObservedShard>,
  shardOf: (id: string) => number,
): IndexComparison {
  const latest = foldEntries(entries);
  const atCheckpoint = foldAtCheckpoint(entries, latest, shards, shardOf);
  const findings: Finding[] = [];
  const listed = new Set<string>();
  const expected: Record<number, number> = {};
  const count = (shard: number, change: number) => {
    expected[shard] = (expected[shard] ?? 0) + change;
  };
  let notJudged = 0;
  for (const document of documents) {
    const shard = shards.get(document.shard);
    if (shard === undefined) continue;
    listed.add(document.id);
    const known = isLive(atCheckpoint(document.id));
    if (document.seqNo > shard.checkpoint) {
      // Overwritten since the checkpoint: no longer among the documents counted at or below it.
      if (known) count(document.shard, -1);
      continue;
    }
    if (!known) count(document.shard, 1);
    const verdict = judgeDocument(document, latest.get(document.id), shard);
    if (verdict === "changed") notJudged += 1;
    else if (verdict !== "right") findings.push(toFinding(verdict, document.id, latest.get(document.id)));
  }
  for (const entry of latest.values()) {
    const shard = shards.get(shardOf(entry.id));
    if (shard === undefined) continue;
    if (isLive(atCheckpoint(entry.id))) count(shard.shard, 1);
    const judged = entry.seqNo > shard.from && entry.seqNo <= shard.checkpoint;
    if (!judged || listed.has(entry.id) || !isLive(entry)) continue;
    // A tombstone that somebody removed hides nothing; it is only put back.
    findings.push(toFinding(entry.state === "present" ? "missing" : "ambiguous", entry.id, entry));
  }
  return { findings, notJudged, expected, uncertain: {} };
}

/** The last entry of an id at or below its shard's checkpoint; only few ids have one above it. */
function foldAtCheckpoint(
  entries: readonly ManifestEntry[],
  latest: ReadonlyMap<string, ManifestEntry>,
  shards: ReadonlyMap<number, ObservedShard>,
  shardOf: (id: string) => number,
): (id: string) => ManifestEntry | undefined {
  const highest = Math.min(...[...shards.values()].map(({ checkpoint }) => checkpoint));
  const checkpointOf = (id: string) => shards.get(shardOf(id))?.checkpoint ?? -1;
  const beyond = new Set<string>();
  for (const { id, seqNo } of latest.values()) {
    if (seqNo > highest && seqNo > checkpointOf(id)) beyond.add(id);
  }
  const earlier = new Map<string, ManifestEntry>();
  for (const entry of beyond.size === 0 ? [] : entries) {
    if (beyond.has(entry.id) && entry.seqNo <= checkpointOf(entry.id)) addToFold(earlier, entry);
  }
  return (id) => (beyond.has(id) ? earlier.get(id) : latest.get(id));
}

function judgeDocument(
  { version, seqNo, primaryTerm }: DocumentRow,
  entry: ManifestEntry | undefined,
  { checkpoint }: ObservedShard,
): "right" | "changed" | "orphaned" | "altered" | "ambiguous" {
  if (entry === undefined) return "orphaned";
  if (entry.seqNo === seqNo && entry.primaryTerm === primaryTerm) {
    // A purge is a delete: no document carries its number.
    return String(entry.version) === version ? "right" : "altered";
  }
  if (entry.seqNo > checkpoint) return "changed";
  if (entry.state === "purged") return "orphaned";
  return String(entry.version) === version ? "ambiguous" : "altered";
}

/** Whether the index holds a document for it: tombstones are documents until they are purged. */
function isLive(entry: ManifestEntry | undefined): boolean {
  return entry !== undefined && !isAbsent(entry.state);
}

function toFinding(kind: Finding["kind"], id: string, entry: ManifestEntry | undefined): Finding {
  return { kind, id, recordId: entry?.recordId ?? id, stage: 2 };
}
