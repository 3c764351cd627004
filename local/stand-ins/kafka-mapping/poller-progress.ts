import { type Batch, failBatch, freshBatch } from "../stream-mapping/batch.ts";
import type { KafkaMapping } from "./declaration.ts";
import type { KafkaRecord } from "./kafka-record.ts";
import type { KafkaOutcome } from "./read-kafka-answer.ts";

/** By partition, the offset of the next record that is neither delivered nor discarded. */
export type Positions = Readonly<Record<string, number>>;

/** How far one poller is with what it read. */
export interface PollerProgress {
  /** Batches that come before anything new, in order. The first one is being sent, or failed. */
  readonly again: readonly Batch<KafkaRecord>[];
  /** Read and never sent, in order. */
  readonly unsent: readonly KafkaRecord[];
  /** Epoch milliseconds until which a batch that is not full waits for more. */
  readonly gatherUntil: number;
  /** Tries in a row that did not settle a whole batch; the pause before the next one grows with it. */
  readonly failuresInARow: number;
  readonly settled: Positions;
  /** Why the last try failed; absent after a success. */
  readonly lastError: string | undefined;
}

/** A poller that read nothing yet. */
export function beginPoller(mapping: KafkaMapping, now: number): PollerProgress {
  return {
    again: [],
    unsent: [],
    gatherUntil: gatheringEnd(mapping, now),
    failuresInARow: 0,
    settled: {},
    lastError: undefined,
  };
}

/** A batching window begins when the invocation before it is over. */
export function gatheringEnd({ batchingWindowMillis }: KafkaMapping, now: number): number {
  return now + batchingWindowMillis;
}

/** After reading, something or nothing. */
export function afterPoll(progress: PollerProgress, records: readonly KafkaRecord[]): PollerProgress {
  const unsent = records.length === 0 ? progress.unsent : [...progress.unsent, ...records];
  return { ...progress, unsent };
}

/** After a try that came to nothing, or not to its end. The next one comes after a pause. */
export function afterVainPoll(progress: PollerProgress, lastError: string): PollerProgress {
  return { ...progress, failuresInARow: progress.failuresInARow + 1, lastError };
}

/**
 * After sending the first batch of `again`: which records are settled, and which are sent again in what batches.
 *
 * A batch that failed whole is halved where the mapping bisects. What is left after a partial failure is sent again as
 * one batch, in the order it was in.
 */
export function afterKafkaAnswer(
  progress: PollerProgress,
  outcome: KafkaOutcome,
  mapping: KafkaMapping,
  now: number,
): PollerProgress {
  const [batch, ...others] = progress.again;
  if (batch === undefined) return progress;
  switch (outcome.kind) {
    case "succeeded":
      return {
        ...settle(progress, batch.records, others),
        gatherUntil: gatheringEnd(mapping, now),
      };
    case "partly": {
      const { rest, reason } = outcome;
      const done = batch.records.filter((record) => !rest.includes(record));
      const failures = mapping.bisectBatchOnFunctionError ? 0 : 1;
      return afterVainPoll(settle(progress, done, [{ ...freshBatch(rest), failures }, ...others]), reason);
    }
    case "failed": {
      const again = failBatch(batch, outcome.functionError, mapping.bisectBatchOnFunctionError);
      return afterVainPoll({ ...progress, again: [...again, ...others] }, outcome.reason);
    }
    case "not-invoked":
      return afterVainPoll(progress, outcome.reason);
  }
}

/** After some records of the first batch were given up: what is left of it counts anew. */
export function afterGivingUp(progress: PollerProgress, records: readonly KafkaRecord[]): PollerProgress {
  const [batch, ...others] = progress.again;
  if (batch === undefined) return progress;
  const rest = batch.records.filter((record) => !records.includes(record));
  const again = rest.length === 0 ? others : [freshBatch(rest), ...others];
  return { ...settle(progress, records, again), lastError: progress.lastError };
}

function settle(
  progress: PollerProgress,
  records: readonly KafkaRecord[],
  again: readonly Batch<KafkaRecord>[],
): PollerProgress {
  const next = records.map(({ partition, offset }) => [partition, offset + 1] as const);
  const settled = { ...progress.settled, ...Object.fromEntries(next) };
  return { ...progress, again, settled, failuresInARow: 0, lastError: undefined };
}
