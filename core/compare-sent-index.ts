import type { DocumentRow } from "./audit-rows.ts";
import type { IndexComparison, ObservedShard } from "./compare-index.ts";
import type { Finding } from "./finding.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";
import { addToFold } from "./manifest-fold.ts";

/** What stage 2 of a managed generation goes by. */
export interface SentRules {
  readonly shards: ReadonlyMap<number, ObservedShard>;
  readonly shardOf: (id: string) => number;
  /** Changes made after this instant may not have reached the index when it was looked at; epoch milliseconds. */
  readonly settledUntil: number;
  /** Until when the last clean audit judged: what was sent later is due now; epoch milliseconds. */
  readonly dueSince: number;
}

/** Versions of a managed pipeline are times in microseconds. */
const MICROS_PER_MILLI = 1000n;

/**
 * Stage 2, manifest = index, for one bucket of a managed generation: joins listed documents with what was sent, on id
 * and version, because nobody learns which sequence number a write got.
 *
 * So it also tells what was sent and never arrived. What is younger than `settledUntil` is not judged; where it made or
 * removed a document, that one counts as uncertain: it may be among the live ones, or not.
 *
 * @param documents - what was listed, and what was looked up of {@link idsToLookUp}
 * @param entries - of this bucket, every entry there is, not folded
 * @param latest - the same, folded
 */
export function compareSentIndex(
  documents: Iterable<DocumentRow>,
  entries: readonly ManifestEntry[],
  latest: ReadonlyMap<string, ManifestEntry>,
  rules: SentRules,
): IndexComparison {
  const { shards, shardOf, settledUntil } = rules;
  const settledBefore = foldSettled(entries, latest, settledUntil);
  const flipped = idsFlipped(entries, settledBefore, settledUntil);
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
    const wasPresent = isPresent(settledBefore(document.id));
    if (document.seqNo > shard.checkpoint) {
      // Overwritten since the checkpoint: no longer among the documents counted at or below it.
      if (wasPresent) add(expected, document.shard, -1);
      continue;
    }
    if (!wasPresent) add(expected, document.shard);
    const verdict = judge(document, entry, settledUntil);
    if (verdict === "changed") notJudged += 1;
    else if (verdict !== "right") findings.push(toFinding(verdict, document.id, entry));
  }
  for (const entry of latest.values()) {
    const shard = shards.get(shardOf(entry.id));
    if (shard === undefined) continue;
    if (isPresent(settledBefore(entry.id))) add(expected, shard.shard);
    if (flipped.has(entry.id)) add(uncertain, shard.shard);
    const isMissing = isPresent(entry) && isDue(entry, shard, rules) && !listed.has(entry.id);
    if (isMissing) findings.push(toFinding("missing", entry.id, entry));
  }
  return { findings, notJudged, expected, uncertain };
}

type Verdict = "right" | "changed" | "orphaned" | "stale" | "altered";

/**
 * Documents that are due and were not listed: nothing wrote them since the last audit listed, so that what was sent
 * of them meanwhile was lost, or had arrived before. Only a look at each can tell.
 */
export function idsToLookUp(
  documents: Iterable<DocumentRow>,
  latest: ReadonlyMap<string, ManifestEntry>,
  rules: SentRules,
): readonly string[] {
  const listed = new Set<string>();
  for (const { id } of documents) listed.add(id);
  return [...latest.values()].flatMap((entry) => {
    const shard = rules.shards.get(rules.shardOf(entry.id));
    const isWanted = shard !== undefined && shard.from !== -1 && isDue(entry, shard, rules);
    return isWanted && !listed.has(entry.id) ? [entry.id] : [];
  });
}

function isDue(
  { sourceTime }: ManifestEntry,
  { from }: ObservedShard,
  { settledUntil, dueSince }: SentRules,
): boolean {
  return sourceTime <= settledUntil && (from === -1 || sourceTime > dueSince);
}

/** Documents that something younger made or removed. */
function idsFlipped(
  entries: readonly ManifestEntry[],
  settledBefore: (id: string) => ManifestEntry | undefined,
  settledUntil: number,
): ReadonlySet<string> {
  const flipped = new Set<string>();
  for (const entry of entries) {
    if (entry.sourceTime <= settledUntil) continue;
    if (isPresent(entry) !== isPresent(settledBefore(entry.id))) flipped.add(entry.id);
  }
  return flipped;
}

/** The last entry of an id that had reached the index when it was looked at; few ids have a younger one. */
function foldSettled(
  entries: readonly ManifestEntry[],
  latest: ReadonlyMap<string, ManifestEntry>,
  settledUntil: number,
): (id: string) => ManifestEntry | undefined {
  const earlier = new Map<string, ManifestEntry>();
  for (const entry of entries) {
    const isYounger = (latest.get(entry.id)?.sourceTime ?? 0) > settledUntil;
    if (isYounger && entry.sourceTime <= settledUntil) addToFold(earlier, entry);
  }
  return (id) => {
    const entry = latest.get(id);
    return entry !== undefined && entry.sourceTime > settledUntil ? earlier.get(id) : entry;
  };
}

/** @see SentRules for what `changed` means: it waits for the next audit */
function judge({ version }: DocumentRow, entry: ManifestEntry | undefined, settledUntil: number): Verdict {
  const found = BigInt(version);
  const settled = BigInt(settledUntil) * MICROS_PER_MILLI;
  // A version far above any time was given by somebody else, and does not grow old by waiting.
  const isYoung = found > settled && found < settled * 2n;
  if (entry === undefined || entry.state === "purged") return isYoung ? "changed" : "orphaned";
  if (entry.sourceTime > settledUntil) return "changed";
  if (found > entry.version) return isYoung ? "changed" : "altered";
  if (entry.state === "deleted") return "orphaned";
  return found === entry.version || entry.state === "refused" ? "right" : "stale";
}

function isPresent(entry: ManifestEntry | undefined): boolean {
  return entry !== undefined && !isAbsent(entry.state) && entry.state !== "deleted";
}

function add(counts: Record<number, number>, shard: number, change = 1): void {
  counts[shard] = (counts[shard] ?? 0) + change;
}

function toFinding(kind: Finding["kind"], id: string, entry: ManifestEntry | undefined): Finding {
  return { kind, id, recordId: entry?.recordId ?? id, stage: 2 };
}
