import type { DocumentRow } from "./audit-rows.ts";
import type { IndexComparison, ObservedShard } from "./compare-index.ts";
import type { Finding } from "./finding.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";

/** What stage 2 of a managed generation goes by. */
export interface SentRules {
  readonly shards: ReadonlyMap<number, ObservedShard>;
  readonly shardOf: (id: string) => number;
  /** Changes made after this instant may not have reached the index when it was looked at; epoch milliseconds. */
  readonly settledUntil: number;
  /** When the last clean audit ended: only documents written since then are listed; epoch milliseconds. */
  readonly listedSince: number;
}

/** Versions of a managed pipeline are times in microseconds. */
const MICROS_PER_MILLI = 1000n;

/**
 * Stage 2, manifest = index, for one bucket of a managed generation: joins listed documents with what was sent, on id
 * and version, because nobody learns which sequence number a write got.
 *
 * So it also tells what was sent and never arrived. What is younger than `settledUntil` is not judged, and counted as
 * uncertain: it may be among the live documents, or not.
 *
 * @param latest - the folded manifest of this bucket, by document id
 */
export function compareSentIndex(
  documents: Iterable<DocumentRow>,
  latest: ReadonlyMap<string, ManifestEntry>,
  rules: SentRules,
): IndexComparison {
  const { shards, shardOf, settledUntil, listedSince } = rules;
  const findings: Finding[] = [];
  const listed = new Set<string>();
  const expected: Record<number, number> = {};
  const uncertain: Record<number, number> = {};
  let notJudged = 0;
  for (const document of documents) {
    const shard = shards.get(document.shard);
    if (shard === undefined) continue;
    listed.add(document.id);
    const entry = latest.get(document.id);
    if (document.seqNo > shard.checkpoint) {
      add(uncertain, document.shard);
      continue;
    }
    if (!isPresent(entry)) add(expected, document.shard);
    const verdict = judge(document, entry, settledUntil);
    if (verdict === "changed") notJudged += 1;
    else if (verdict !== "right") findings.push(toFinding(verdict, document.id, entry));
  }
  for (const entry of latest.values()) {
    const shard = shards.get(shardOf(entry.id));
    if (shard === undefined) continue;
    const settled = entry.sourceTime <= settledUntil;
    if (!settled) add(uncertain, shard.shard);
    if (!isPresent(entry)) continue;
    add(expected, shard.shard);
    const isDue = shard.from === -1 || entry.sourceTime > listedSince;
    if (settled && isDue && !listed.has(entry.id)) findings.push(toFinding("missing", entry.id, entry));
  }
  return { findings, notJudged, expected, uncertain };
}

type Verdict = "right" | "changed" | "orphaned" | "stale" | "altered";

/** @see SentRules for what `changed` means: it waits for the next audit */
function judge({ version }: DocumentRow, entry: ManifestEntry | undefined, settledUntil: number): Verdict {
  const found = BigInt(version);
  const isYoung =
    found > BigInt(settledUntil) * MICROS_PER_MILLI && found < BigInt(settledUntil) * MICROS_PER_MILLI * 2n;
  if (entry === undefined || entry.state === "purged") return isYoung ? "changed" : "orphaned";
  if (entry.sourceTime > settledUntil) return "changed";
  if (found > entry.version) return isYoung ? "changed" : "altered";
  if (entry.state === "deleted") return "orphaned";
  return found === entry.version || entry.state === "refused" ? "right" : "stale";
}

function isPresent(entry: ManifestEntry | undefined): boolean {
  return entry !== undefined && !isAbsent(entry.state) && entry.state !== "deleted";
}

function add(counts: Record<number, number>, shard: number): void {
  counts[shard] = (counts[shard] ?? 0) + 1;
}

function toFinding(kind: Finding["kind"], id: string, entry: ManifestEntry | undefined): Finding {
  return { kind, id, recordId: entry?.recordId ?? id, stage: 2 };
}
