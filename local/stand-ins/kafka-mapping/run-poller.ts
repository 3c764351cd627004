import { randomUUID } from "node:crypto";
import { backoffMillis } from "../../../core/backoff.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { InvokeFunction } from "../stream-mapping/invoke-function.ts";
import type { SendFailure } from "../stream-mapping/send-failure.ts";
import { toReason } from "../to-reason.ts";
import type { KafkaMapping } from "./declaration.ts";
import { toKafkaEvent } from "./kafka-event.ts";
import { toKafkaFailure } from "./kafka-failure.ts";
import type { KafkaRecord } from "./kafka-record.ts";
import type { KafkaSource, OpenKafkaSource } from "./kafka-source.ts";
import { type KafkaDiscard, nextPollStep, type PollStep } from "./next-poll-step.ts";
import {
  afterGivingUp,
  afterKafkaAnswer,
  afterPoll,
  afterVainPoll,
  beginPoller,
  type PollerProgress,
  type Positions,
} from "./poller-progress.ts";
import { type KafkaOutcome, readKafkaAnswer } from "./read-kafka-answer.ts";

/** What it takes to run a poller. */
export interface PollerDeps {
  /** The declaration as it is now: it may change between two steps. */
  readonly mapping: () => KafkaMapping;
  readonly open: OpenKafkaSource;
  readonly invoke: InvokeFunction;
  readonly sendFailure: SendFailure;
  readonly now: Clock;
  /** Ends early when the mapping is being stopped. */
  readonly pause: (millis: number) => Promise<void>;
  readonly isStopping: () => boolean;
  readonly report: (progress: PollerProgress) => void;
}

const POLL_MILLIS = 250;
/** AWS documents no schedule of retries, only that failed batches are sent again. */
const LONGEST_PAUSE_MILLIS = 4_000;

/**
 * Runs one consumer of a mapping's group until the mapping is stopped: one step after the other, so that the records of
 * its partitions reach the function in order and never in two invocations at once.
 *
 * A consumer that failed is opened again, and what it had read and not committed is read and sent again.
 */
export async function runPoller(deps: PollerDeps): Promise<void> {
  for (let failures = 0; !deps.isStopping(); ) {
    if (!deps.mapping().enabled) {
      await deps.pause(POLL_MILLIS);
      continue;
    }
    const began = beginPoller(deps.mapping(), deps.now());
    try {
      const source = await deps.open(deps.mapping());
      failures = 0;
      await workThrough(deps, source, began).finally(() => source.close());
    } catch (cause) {
      failures += 1;
      deps.report(afterVainPoll(began, toReason(cause)));
      await deps.pause(retryPauseMillis(failures));
    }
  }
}

/** @returns when the mapping is stopped or switched off; what was read and not sent is read again later */
async function workThrough(deps: PollerDeps, source: KafkaSource, began: PollerProgress): Promise<void> {
  let progress = began;
  while (!deps.isStopping() && deps.mapping().enabled) {
    const mapping = deps.mapping();
    const next = nextPollStep(progress, mapping, deps.now());
    const before = next.progress.settled;
    progress = await perform({ ...deps, source }, mapping, next.progress, next.step);
    const moved = findMoved(before, progress.settled);
    if (Object.keys(moved).length > 0) await source.commit(moved);
    deps.report(progress);
    if (progress.failuresInARow > 0) await deps.pause(retryPauseMillis(progress.failuresInARow));
  }
}

/** Other partitions may be another consumer's by now. */
function findMoved(before: Positions, after: Positions): Positions {
  return Object.fromEntries(
    Object.entries(after).filter(([partition, offset]) => before[partition] !== offset),
  );
}

function retryPauseMillis(failuresInARow: number): number {
  return Math.min(LONGEST_PAUSE_MILLIS, backoffMillis(failuresInARow, Math.random()));
}

async function perform(
  deps: PollerDeps & { readonly source: KafkaSource },
  mapping: KafkaMapping,
  progress: PollerProgress,
  step: PollStep,
): Promise<PollerProgress> {
  switch (step.kind) {
    case "read": {
      const room = mapping.batchSize - progress.unsent.length;
      const left = progress.unsent.length === 0 ? POLL_MILLIS : progress.gatherUntil - deps.now();
      const records = await deps.source.read(Math.max(1, room), Math.min(POLL_MILLIS, Math.max(1, left)));
      return afterPoll(progress, records);
    }
    case "send": {
      const outcome = await send(deps, mapping, step.batch.records);
      return afterKafkaAnswer(progress, outcome, mapping, deps.now());
    }
    case "discard":
      return discard(deps, mapping, progress, step);
  }
}

async function send(
  { invoke }: PollerDeps,
  mapping: KafkaMapping,
  records: readonly KafkaRecord[],
): Promise<KafkaOutcome> {
  const invocation = await invoke(mapping.functionName, toKafkaEvent(records, mapping));
  switch (invocation.kind) {
    case "returned":
      return readKafkaAnswer(invocation.payload, records, mapping.reportBatchItemFailures);
    case "function-error":
      return { kind: "failed", reason: invocation.reason, functionError: true };
    case "not-invoked":
      return invocation;
  }
}

/** The destination is told once: what it does not take is lost, as on AWS. */
async function discard(
  { sendFailure, now }: PollerDeps,
  mapping: KafkaMapping,
  progress: PollerProgress,
  step: KafkaDiscard,
): Promise<PollerProgress> {
  const after = afterGivingUp(progress, step.records);
  if (mapping.failureDestination === undefined) return after;
  try {
    await sendFailure(mapping.failureDestination, toKafkaFailure(step, mapping, randomUUID(), now()));
    return after;
  } catch (cause) {
    return { ...after, lastError: toReason(cause) };
  }
}
