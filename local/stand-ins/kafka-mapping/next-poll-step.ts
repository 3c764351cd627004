import { type Batch, freshBatch } from "../stream-mapping/batch.ts";
import { MAXIMUM_RECORDS_BYTES } from "../stream-mapping/cut-batch.ts";
import type { DiscardCondition } from "../stream-mapping/next-step.ts";
import type { KafkaMapping } from "./declaration.ts";
import type { KafkaRecord } from "./kafka-record.ts";
import { gatheringEnd, type PollerProgress } from "./poller-progress.ts";

/** What a poller does next. Whatever concerns a batch concerns the first one of `again`. */
export type PollStep =
  | { readonly kind: "read" }
  | { readonly kind: "send"; readonly batch: Batch<KafkaRecord> }
  | KafkaDiscard;

/** Records that are given up, and after what. */
export interface KafkaDiscard {
  readonly kind: "discard";
  readonly batch: Batch<KafkaRecord>;
  readonly records: readonly KafkaRecord[];
  readonly condition: DiscardCondition;
}

/** Decides what comes next, and moves records that are due from `unsent` to a batch. */
export function nextPollStep(
  progress: PollerProgress,
  mapping: KafkaMapping,
  now: number,
): { readonly progress: PollerProgress; readonly step: PollStep } {
  const ready = takeBatch(progress, mapping, now);
  const [batch] = ready.again;
  if (batch === undefined) return { progress: ready, step: { kind: "read" } };
  return { progress: ready, step: findDiscard(batch, mapping, now) ?? { kind: "send", batch } };
}

function takeBatch(progress: PollerProgress, mapping: KafkaMapping, now: number): PollerProgress {
  if (progress.again.length > 0) return progress;
  const count = countFitting(progress.unsent, mapping);
  const isFull = count === mapping.batchSize || count < progress.unsent.length;
  if (!isFull && now < progress.gatherUntil) return progress;
  if (count === 0) return { ...progress, gatherUntil: gatheringEnd(mapping, now) };
  const batch = freshBatch(progress.unsent.slice(0, count));
  return { ...progress, unsent: progress.unsent.slice(count), again: [batch] };
}

/** As many as batch size and payload limit let go together; one always goes, whatever it weighs. */
function countFitting(unsent: readonly KafkaRecord[], { batchSize }: KafkaMapping): number {
  let bytes = 0;
  const end = unsent.findIndex(({ jsonBytes }, place) => {
    bytes += jsonBytes + 1;
    return place > 0 && (place >= batchSize || bytes > MAXIMUM_RECORDS_BYTES);
  });
  return end === -1 ? unsent.length : end;
}

/** Records too old to be sent go first, wherever in the batch; one that was retried often enough goes whole. */
function findDiscard(
  batch: Batch<KafkaRecord>,
  { maximumRecordAgeSeconds, maximumRetryAttempts }: KafkaMapping,
  now: number,
): KafkaDiscard | undefined {
  const { records, failures } = batch;
  const oldest = maximumRecordAgeSeconds === -1 ? 0 : now - maximumRecordAgeSeconds * 1000;
  const old = records.filter(({ timestamp }) => timestamp < oldest);
  if (old.length > 0) return { kind: "discard", batch, records: old, condition: "RecordAgeExceeded" };
  if (maximumRetryAttempts === -1 || failures <= maximumRetryAttempts) return undefined;
  return { kind: "discard", batch, records, condition: "RetryAttemptsExhausted" };
}
