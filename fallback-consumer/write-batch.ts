import { collect } from "../core/collect.ts";
import { type FoldedWrite, foldBatch } from "../core/fold-batch.ts";
import type { ManifestEntry, SegmentOrigin, SourcePosition } from "../core/manifest-entry.ts";
import type { PlannedWrite } from "../core/plan-writes.ts";
import type { WriteOutcome } from "../core/ports/index-writer.ts";
import type { DeadLetter } from "../core/reindex-request.ts";
import { toManifestEntry } from "../core/to-manifest-entry.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { makeLetter } from "./make-letter.ts";
import type { Observation } from "./observe.ts";

/** One folded write and its fate. */
export interface SettledWrite {
  readonly write: FoldedWrite;
  readonly outcome: WriteOutcome;
}

/** Folds a batch, writes it and pairs every write with its outcome. @param batch - the writes of each event, in order */
export async function writeBatch(
  { index }: Pick<ConsumerDeps, "index">,
  batch: readonly (readonly PlannedWrite[])[],
  deadline: number,
): Promise<readonly SettledWrite[]> {
  const writes = foldBatch(batch);
  const outcomes = writes.length === 0 ? [] : await index.write(writes, deadline);
  return writes.map((write, place) => ({ write, outcome: outcomes[place] ?? unanswered }));
}

const unanswered: WriteOutcome = { kind: "unavailable", status: 0, reason: "the writer gave no outcome" };

/** The manifest entries of what the index acknowledged. */
export function toEntries(settled: readonly SettledWrite[], transformHash: string): readonly ManifestEntry[] {
  return collect(settled, ({ write, outcome }) =>
    outcome.kind === "applied" ? toManifestEntry(write, outcome, transformHash) : undefined,
  );
}

/** Makes durable what was acknowledged and how far the source was read. Nothing to say, nothing put. */
export async function appendSegment(
  {
    manifest,
    generation: { generation, indexUuid, transformHash },
  }: Pick<ConsumerDeps, "manifest" | "generation">,
  origin: SegmentOrigin,
  entries: readonly ManifestEntry[],
  positions: readonly SourcePosition[] = [],
): Promise<void> {
  if (entries.length === 0 && positions.length === 0) return;
  await manifest.append({ generation, indexUuid, transformHash, origin, positions, entries });
}

/** The letter about a write that the index will never take. @param position - as the dead letter is to name it */
export function toRejectionLetter(
  deps: Pick<ConsumerDeps, "generation" | "now">,
  { write: { event, id }, outcome }: SettledWrite,
  position: string,
): DeadLetter | undefined {
  if (outcome.kind !== "rejected") return undefined;
  const { recordId, key } = event;
  const reason = id === recordId ? outcome.reason : `document ${id}: ${outcome.reason}`;
  return makeLetter(deps, { recordId, key, position, documentId: id }, outcome.cause, reason);
}

/** Counts what became of a batch. */
export function toObservation(
  settled: readonly SettledWrite[],
  deadLetters: number,
  now: number,
): Observation {
  const counts = { applied: 0, superseded: 0, rejected: 0, unavailable: 0 };
  const reasons = new Set<string>();
  const delaysMillis: number[] = [];
  for (const { write, outcome } of settled) {
    counts[outcome.kind] += 1;
    if ("reason" in outcome) reasons.add(outcome.reason);
    if (outcome.kind === "applied") delaysMillis.push(Math.max(0, now - write.event.sourceTime));
  }
  return { ...counts, deadLetters, delaysMillis, reasons: [...reasons].slice(0, 5) };
}
