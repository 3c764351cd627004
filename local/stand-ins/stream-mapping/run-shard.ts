import { randomUUID } from "node:crypto";
import { backoffMillis } from "../../../core/backoff.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import { PAGE_RECORDS } from "../dynamodb-streams.ts";
import { toReason } from "../to-reason.ts";
import type { StreamMapping } from "./declaration.ts";
import { toFailureRecord } from "./failure-record.ts";
import type { InvokeFunction } from "./invoke-function.ts";
import { toLambdaEvent, type WindowPlace } from "./lambda-event.ts";
import { nextStep, type Step } from "./next-step.ts";
import { type Outcome, readAnswer } from "./read-answer.ts";
import type { SendFailure } from "./send-failure.ts";
import {
  afterAnswer,
  afterDiscard,
  afterRead,
  afterVainTry,
  afterWindowClosed,
  beginShard,
  type ShardProgress,
} from "./shard-progress.ts";
import type { ShardRecord } from "./shard-record.ts";
import type { ShardSource } from "./shard-source.ts";

/** What it takes to work through a shard. */
export interface ShardDeps {
  readonly shardId: string;
  /** The declaration as it is now: it may change between two steps. */
  readonly mapping: () => StreamMapping;
  readonly source: ShardSource;
  readonly invoke: InvokeFunction;
  readonly sendFailure: SendFailure;
  readonly now: Clock;
  /** Ends early when the mapping is being stopped. */
  readonly pause: (millis: number) => Promise<void>;
  readonly isStopping: () => boolean;
  readonly report: (progress: ShardProgress) => void;
}

/** "Lambda polls shards … at a base rate of 4 times per second." @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const POLL_MILLIS = 250;
/** AWS documents no schedule of retries, only that failed batches are sent again. */
const LONGEST_PAUSE_MILLIS = 4_000;

/**
 * Works through one shard until it ends or the mapping is stopped: one step after the other, so that its records
 * reach the function in order and never in two invocations at once.
 */
export async function runShard(deps: ShardDeps): Promise<void> {
  let progress = beginShard(deps.mapping(), deps.now());
  while (!deps.isStopping()) {
    const mapping = deps.mapping();
    if (!mapping.enabled) {
      await deps.pause(POLL_MILLIS);
      continue;
    }
    const next = nextStep(progress, mapping, deps.now());
    if (next.step.kind === "end") return;
    progress = await perform(deps, mapping, next.progress, next.step);
    deps.report(progress);
    if (progress.failuresInARow > 0) await deps.pause(retryPauseMillis(progress.failuresInARow));
  }
}

function retryPauseMillis(failuresInARow: number): number {
  return Math.min(LONGEST_PAUSE_MILLIS, backoffMillis(failuresInARow, Math.random()));
}

async function perform(
  deps: ShardDeps,
  mapping: StreamMapping,
  progress: ShardProgress,
  step: Exclude<Step, { readonly kind: "end" }>,
): Promise<ShardProgress> {
  switch (step.kind) {
    case "read":
      return read(deps, mapping, progress);
    case "send": {
      const { records } = step.batch;
      const place = step.window && { window: step.window, final: "no" as const };
      const outcome = await send(deps, mapping, records, place);
      return afterAnswer(progress, outcome, step.window, mapping, deps.now());
    }
    case "close-window": {
      const place = { window: step.window, final: step.early ? ("early" as const) : ("yes" as const) };
      return afterWindowClosed(progress, await send(deps, mapping, [], place));
    }
    case "discard":
      return discard(deps, mapping, progress, step);
  }
}

async function read(
  deps: ShardDeps,
  mapping: StreamMapping,
  progress: ShardProgress,
): Promise<ShardProgress> {
  const room = mapping.batchSize - progress.unsent.length;
  try {
    const { records, ended } = await deps.source.read(Math.min(PAGE_RECORDS, room));
    if (records.length === 0 && !ended) await deps.pause(POLL_MILLIS);
    return { ...afterRead(progress, records, ended), failuresInARow: 0, lastError: undefined };
  } catch (cause) {
    return afterVainTry(progress, toReason(cause));
  }
}

async function send(
  deps: ShardDeps,
  mapping: StreamMapping,
  records: readonly ShardRecord[],
  place: Pick<WindowPlace, "window" | "final"> | undefined,
): Promise<Outcome> {
  const { shardId } = deps;
  const { functionName, streamArn } = mapping;
  const event = toLambdaEvent(records, place && { ...place, shardId, streamArn });
  const invocation = await deps.invoke(functionName, event);
  switch (invocation.kind) {
    case "returned":
      return readAnswer(invocation.payload, records, mapping);
    case "function-error":
      return { kind: "failed", reason: invocation.reason, functionError: true };
    case "not-invoked":
      return invocation;
  }
}

/** The destination is told once: what it does not take is lost, as on AWS. */
async function discard(
  deps: ShardDeps,
  mapping: StreamMapping,
  progress: ShardProgress,
  step: Extract<Step, { readonly kind: "discard" }>,
): Promise<ShardProgress> {
  const after = afterDiscard(progress, step.records.length);
  if (mapping.failureDestination === undefined) return after;
  const failure = toFailureRecord(step, mapping, deps.shardId, randomUUID(), deps.now());
  try {
    await deps.sendFailure(mapping.failureDestination, failure);
    return after;
  } catch (cause) {
    return { ...after, lastError: toReason(cause) };
  }
}
