import type { ChangeEvent } from "../core/change-event.ts";
import { collect } from "../core/collect.ts";
import { decodeStreamRecord, type StreamRecord } from "../core/decode-stream-record.ts";
import { SyncError } from "../core/errors.ts";
import type { SourcePosition } from "../core/manifest-entry.ts";
import { planWrites } from "../core/plan-writes.ts";
import { withoutValues } from "../core/read-bulk-answer.ts";
import type { DeadLetter } from "../core/reindex-request.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { makeLetter } from "./make-letter.ts";
import type { Rendering } from "./render-batch.ts";
import { requestRereads } from "./request-rereads.ts";
import { appendSegment, toEntries, toObservation, toRejectionLetter, writeBatch } from "./write-batch.ts";

/** A batch of one shard's records, in their order. */
export interface StreamBatch {
  readonly records: readonly StreamRecord[];
  /** The shard where the invocation names it (AWS does not); empty otherwise. */
  readonly shard: string;
  /** Epoch milliseconds by which the answer must have been given. */
  readonly deadline: number;
}

/** What Lambda is told: where to begin again. Nothing = the whole batch is done. */
export interface StreamAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** How long before the deadline writing stops, so that dead letters and manifest still get out. */
export const ACKNOWLEDGE_MARGIN_MILLIS = 5_000;

/** How old a change may be while its transform still fails; older ones no longer hold up their shard. */
export const TRANSFORM_PATIENCE_MILLIS = 15 * 60_000;

interface Step {
  readonly record: StreamRecord;
  readonly event?: ChangeEvent;
  readonly rendering?: Rendering;
  readonly letter?: DeadLetter;
  /** Not done: the batch must be delivered again from here. */
  readonly again?: boolean;
}

/**
 * Makes the stream consumer of a generation: decode, transform, fold, write, dead letters, manifest, answer.
 *
 * Everything an answer acknowledges is durable before: in the manifest, or on the dead-letter queue. A batch
 * may be delivered again from any point, whole or in part; versions make that harmless.
 *
 * The consumer throws when nothing of the batch may be acknowledged: `INDEX_REPLACED`, `INDEX_UNAVAILABLE`
 * before the first write, `ENGINE_FAILED` of the manifest or the dead-letter queue (all retryable).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function makeConsumeStream(deps: ConsumerDeps) {
  return async ({ records, shard, deadline }: StreamBatch): Promise<StreamAnswer> => {
    await deps.identity.verify();
    const stopWriting = deadline - Math.min(ACKNOWLEDGE_MARGIN_MILLIS, (deadline - deps.now()) / 2);
    const steps = await render(deps, records, stopWriting);
    const batch = steps.map(toWrites);
    const settled = await writeBatch(deps, batch, stopWriting);

    const again = firstPlace(steps, settled);
    const letters = [
      ...collect(steps.slice(0, again), ({ letter }) => letter),
      ...collect(settled, (one) =>
        one.outcome.kind === "rejected" && one.write.firstEvent < again
          ? toRejectionLetter(deps, one, `${shard}/${one.write.event.position}`)
          : undefined,
      ),
    ];
    if (letters.length > 0) await deps.deadLetters.send(letters);
    await requestRereads(
      deps,
      collect(steps.slice(0, again), ({ event, rendering }) => event && { event, rendering }),
    );
    const entries = toEntries(settled, deps.generation.transformHash);
    await appendSegment(deps, "stream", entries, toPositions(records[again - 1], shard));
    deps.observe(toObservation(settled, letters.length, deps.now()));
    if (again === records.length) return { batchItemFailures: [] };
    return { batchItemFailures: [{ itemIdentifier: records[again]?.dynamodb?.SequenceNumber ?? "" }] };
  };
}

async function render(
  deps: ConsumerDeps,
  records: readonly StreamRecord[],
  deadline: number,
): Promise<readonly Step[]> {
  const decoded = records.map((record) => decode(deps, record));
  const events = collect(decoded, ({ event }) => event);
  const renderings = (await deps.render(events, deadline))[Symbol.iterator]();
  return decoded.map((step) => {
    if (step.event === undefined) return step;
    const { value: rendering = { kind: "unsettled" } } = renderings.next();
    return judge(deps, { ...step, event: step.event, rendering });
  });
}

function decode(deps: ConsumerDeps, record: StreamRecord): Step {
  try {
    return { record, event: decodeStreamRecord(record, deps.generation.key, deps.now()) };
  } catch (cause) {
    const code = cause instanceof SyncError ? cause.code : "EVENT_UNDECODABLE";
    return { record, letter: toLetter(deps, record, undefined, code, reasonOf(cause)) };
  }
}

function judge(
  deps: ConsumerDeps,
  step: Step & { readonly event: ChangeEvent; readonly rendering: Rendering },
): Step {
  const { record, event, rendering } = step;
  switch (rendering.kind) {
    case "rendered":
      return step;
    case "unsettled":
      return { ...step, again: true };
    case "invalid":
      return {
        ...step,
        letter: toLetter(deps, record, event, rendering.error.code, rendering.error.message),
      };
    case "failed":
      if (deps.now() - event.sourceTime < TRANSFORM_PATIENCE_MILLIS) return { ...step, again: true };
      return {
        ...step,
        letter: toLetter(deps, record, event, rendering.cause, withoutValues(rendering.reason)),
      };
  }
}

function toWrites({ event, rendering }: Step) {
  if (event === undefined || rendering?.kind !== "rendered") return [];
  return planWrites(event, rendering.documents, rendering.formerIds, rendering.fingerprint);
}

/** Place of the first record that must come again; the batch's length when none must. */
function firstPlace(steps: readonly Step[], settled: Awaited<ReturnType<typeof writeBatch>>): number {
  const unrendered = steps.findIndex(({ again }) => again === true);
  let first = unrendered === -1 ? steps.length : unrendered;
  for (const { write, outcome } of settled) {
    if (outcome.kind === "unavailable") first = Math.min(first, write.firstEvent);
  }
  return first;
}

/** Where the shard stands: at the last record before the first that must come again. */
function toPositions(last: StreamRecord | undefined, shard: string): readonly SourcePosition[] {
  const { SequenceNumber: sequence, ApproximateCreationDateTime: seconds = 0 } = last?.dynamodb ?? {};
  return sequence === undefined ? [] : [{ shard, sequence, time: Math.floor(seconds * 1000) }];
}

/** @param event - undefined where the record could not even be decoded */
function toLetter(
  deps: ConsumerDeps,
  record: StreamRecord,
  event: ChangeEvent | undefined,
  cause: string,
  reason: string,
): DeadLetter {
  const { Keys = {}, SequenceNumber = "" } = record.dynamodb ?? {};
  const { recordId = "", key = Keys } = event ?? {};
  return makeLetter(deps, { recordId, key, position: `/${SequenceNumber}` }, cause, reason);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "no reason given";
}
