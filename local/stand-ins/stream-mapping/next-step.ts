import { type Batch, freshBatch } from "./batch.ts";
import { cutBatch } from "./cut-batch.ts";
import type { StreamMapping } from "./declaration.ts";
import { gatheringEnd, type ShardProgress } from "./shard-progress.ts";
import type { ShardRecord } from "./shard-record.ts";
import { isAfter, isOver, isOverfull, openWindow, type TumblingWindow } from "./tumbling-window.ts";

/** Why records are given up. */
export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** What a shard's reader does next. Whatever concerns a batch concerns the first one of `again`. */
export type Step =
  | { readonly kind: "read" }
  | { readonly kind: "send"; readonly batch: Batch<ShardRecord>; readonly window: TumblingWindow | undefined }
  | { readonly kind: "close-window"; readonly window: TumblingWindow; readonly early: boolean }
  | {
      readonly kind: "discard";
      readonly batch: Batch<ShardRecord>;
      readonly records: readonly ShardRecord[];
      readonly condition: DiscardCondition;
    }
  | { readonly kind: "end" };

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html how long records are kept */
const RETENTION_SECONDS = 24 * 3600;

/** Decides what comes next, and moves records that are due from `unsent` to a batch. */
export function nextStep(
  progress: ShardProgress,
  mapping: StreamMapping,
  now: number,
): { readonly progress: ShardProgress; readonly step: Step } {
  const ready = takeBatch(progress, mapping, now);
  return { progress: ready, step: chooseStep(ready, mapping, now) };
}

function takeBatch(progress: ShardProgress, mapping: StreamMapping, now: number): ShardProgress {
  if (progress.again.length > 0) return progress;
  const { records, full } = cutBatch(progress.unsent, mapping, progress.window);
  const due = full || progress.ended || now >= progress.gatherUntil;
  if (!due) return progress;
  if (records.length === 0) return { ...progress, gatherUntil: gatheringEnd(mapping, now) };
  const unsent = progress.unsent.slice(records.length);
  return { ...progress, unsent, again: [freshBatch(records)] };
}

function chooseStep(progress: ShardProgress, mapping: StreamMapping, now: number): Step {
  const window = mapping.tumblingWindowSeconds === 0 ? undefined : progress.window;
  const [batch] = progress.again;
  if (window !== undefined && isOverfull(window)) return { kind: "close-window", window, early: true };
  if (batch !== undefined)
    return findDiscard(batch, mapping, now) ?? sendOrClose(batch, window, mapping, now);
  const quiet = progress.unsent.length === 0;
  if (window !== undefined && quiet && (progress.ended || isOver(window, now))) {
    return { kind: "close-window", window, early: false };
  }
  return { kind: progress.ended ? "end" : "read" };
}

function sendOrClose(
  batch: Batch<ShardRecord>,
  open: TumblingWindow | undefined,
  { tumblingWindowSeconds }: StreamMapping,
  now: number,
): Step {
  const [first] = batch.records;
  if (first === undefined || tumblingWindowSeconds === 0) return { kind: "send", batch, window: undefined };
  if (open === undefined) {
    return { kind: "send", batch, window: openWindow(first, tumblingWindowSeconds, now) };
  }
  if (isAfter(first, open)) return { kind: "close-window", window: open, early: false };
  return { kind: "send", batch, window: open };
}

/** Records too old to be sent come first in a batch; a batch that was retried often enough goes whole. */
function findDiscard(batch: Batch<ShardRecord>, mapping: StreamMapping, now: number): Step | undefined {
  const { records, failures } = batch;
  const { maximumRecordAgeSeconds: declared, maximumRetryAttempts } = mapping;
  const maximumAge = declared === -1 ? RETENTION_SECONDS : Math.min(declared, RETENTION_SECONDS);
  const oldest = now / 1000 - maximumAge;
  const youngEnough = records.findIndex(({ createdAtSeconds }) => createdAtSeconds >= oldest);
  if (youngEnough !== 0) {
    const old = youngEnough === -1 ? records : records.slice(0, youngEnough);
    return { kind: "discard", batch, records: old, condition: "RecordAgeExceeded" };
  }
  if (maximumRetryAttempts === -1 || failures <= maximumRetryAttempts) return undefined;
  return { kind: "discard", batch, records, condition: "RetryAttemptsExhausted" };
}
