import { type Batch, failBatch, freshBatch } from "./batch.ts";
import type { StreamMapping } from "./declaration.ts";
import type { Outcome } from "./read-answer.ts";
import type { ShardRecord } from "./shard-record.ts";
import type { TumblingWindow } from "./tumbling-window.ts";

/** How far one shard is dealt with. Nothing in it is written to disk: as in the emulator, ended is forgotten. */
export interface ShardProgress {
  /** Batches that come before anything new, in order. The first one is being sent, or failed. */
  readonly again: readonly Batch<ShardRecord>[];
  /** Read and never sent, in order. */
  readonly unsent: readonly ShardRecord[];
  /** Epoch milliseconds until which a batch that is not full waits for more. */
  readonly gatherUntil: number;
  readonly window: TumblingWindow | undefined;
  /** Tries in a row that did not settle a whole batch; the pause before the next one grows with it. */
  readonly failuresInARow: number;
  /** Sequence number up to which everything is delivered or discarded. */
  readonly lastSettled: string | undefined;
  /** Why the last try failed; absent after a success. */
  readonly lastError: string | undefined;
  /** The shard is closed and was read to its end. */
  readonly ended: boolean;
}

/** A shard of which nothing was read. */
export function beginShard(mapping: StreamMapping, now: number): ShardProgress {
  return {
    again: [],
    unsent: [],
    gatherUntil: gatheringEnd(mapping, now),
    window: undefined,
    failuresInARow: 0,
    lastSettled: undefined,
    lastError: undefined,
    ended: false,
  };
}

/** A batching window begins when the invocation before it is over. */
export function gatheringEnd({ batchingWindowSeconds }: StreamMapping, now: number): number {
  return now + batchingWindowSeconds * 1000;
}

/** After reading a page, empty or not. */
export function afterRead(
  progress: ShardProgress,
  records: readonly ShardRecord[],
  ended: boolean,
): ShardProgress {
  return { ...progress, unsent: [...progress.unsent, ...records], ended };
}

/**
 * After a try that came to nothing, or not to its end. The next one comes after a pause.
 *
 * By itself it is no failure of a batch: reading and invoking are tried without limit.
 */
export function afterVainTry(progress: ShardProgress, lastError: string): ShardProgress {
  return { ...progress, failuresInARow: progress.failuresInARow + 1, lastError };
}

/**
 * After sending the first batch of `again`: which records are settled, and which are sent again in what batches.
 *
 * A batch that failed whole is halved where the mapping says bisect; one that failed in part is always cut at the
 * first failure, and where the mapping says bisect that cut, like every split, uses up no retry.
 *
 * @param window - the tumbling window the batch was sent in
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html bisecting
 */
export function afterAnswer(
  progress: ShardProgress,
  outcome: Outcome,
  window: TumblingWindow | undefined,
  mapping: StreamMapping,
  now: number,
): ShardProgress {
  const [batch, ...others] = progress.again;
  if (batch === undefined) return progress;
  switch (outcome.kind) {
    case "succeeded":
      return {
        ...settle(progress, batch.records, others),
        window: carryOn(window, outcome.state, now),
        gatherUntil: gatheringEnd(mapping, now),
      };
    case "partly": {
      const rest = batch.records.slice(outcome.settled);
      const failures = mapping.bisectBatchOnFunctionError ? 0 : 1;
      const again = [{ ...freshBatch(rest), failures }, ...others];
      const settled = settle(progress, batch.records.slice(0, outcome.settled), again);
      return { ...afterVainTry(settled, outcome.reason), window: carryOn(window, outcome.state, now) };
    }
    case "failed": {
      const again = [
        ...failBatch(batch, outcome.functionError, mapping.bisectBatchOnFunctionError),
        ...others,
      ];
      return { ...afterVainTry(progress, outcome.reason), again };
    }
    case "not-invoked":
      return afterVainTry(progress, outcome.reason);
  }
}

/** After the first `count` records of the first batch were given up: what is left of it counts anew. */
export function afterDiscard(progress: ShardProgress, count: number): ShardProgress {
  const [batch, ...others] = progress.again;
  if (batch === undefined) return progress;
  const rest = batch.records.slice(count);
  const again = rest.length === 0 ? others : [freshBatch(rest), ...others];
  return { ...settle(progress, batch.records.slice(0, count), again), lastError: progress.lastError };
}

/** After the last invocation of a window. Until one succeeds nothing else of the shard is sent. */
export function afterWindowClosed(progress: ShardProgress, outcome: Outcome): ShardProgress {
  if (outcome.kind === "succeeded") {
    return { ...progress, window: undefined, failuresInARow: 0, lastError: undefined };
  }
  return afterVainTry(progress, outcome.reason);
}

function settle(
  progress: ShardProgress,
  records: readonly ShardRecord[],
  again: readonly Batch<ShardRecord>[],
): ShardProgress {
  const lastSettled = records.at(-1)?.sequenceNumber ?? progress.lastSettled;
  return { ...progress, again, lastSettled, failuresInARow: 0, lastError: undefined };
}

function carryOn(
  window: TumblingWindow | undefined,
  state: unknown,
  now: number,
): TumblingWindow | undefined {
  return window === undefined ? undefined : { ...window, state, changedAt: now };
}
