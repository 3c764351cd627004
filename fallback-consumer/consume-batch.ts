import type { AttributeMap } from "../core/attribute-value.ts";
import type { ChangeEvent } from "../core/change-event.ts";
import { collect } from "../core/collect.ts";
import type { SourcePosition } from "../core/manifest-entry.ts";
import { planWrites } from "../core/plan-writes.ts";
import { withoutValues } from "../core/read-bulk-answer.ts";
import type { DeadLetter } from "../core/reindex-request.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { makeLetter } from "./make-letter.ts";
import type { Rendering } from "./render-batch.ts";
import { requestRereads } from "./request-rereads.ts";
import { appendSegment, toEntries, toObservation, toRejectionLetter, writeBatch } from "./write-batch.ts";

/** One record of a source's log, whichever log that is. */
export interface LogRecord {
  /** Where it is in its shard; undefined where it does not say. */
  readonly place: Omit<SourcePosition, "shard"> | undefined;
  readonly content:
    | { readonly kind: "change"; readonly event: ChangeEvent }
    | UndecodableRecord
    /** Nothing of it is to be written. */
    | { readonly kind: "nothing" };
}

/** A record no change can be told of: a dead letter. */
export interface UndecodableRecord {
  readonly kind: "undecodable";
  /** Empty where not even that could be read. */
  readonly key: AttributeMap;
  readonly cause: string;
  readonly reason: string;
}

/** A batch of one shard's records, in their order. */
export interface LogBatch {
  readonly records: readonly LogRecord[];
  /** The shard where the invocation names it; empty otherwise. */
  readonly shard: string;
  /** Epoch milliseconds by which the answer must have been given. */
  readonly deadline: number;
  /** Makes durable what else the first `count` records ask for, before they are acknowledged. */
  readonly settle?: (count: number) => Promise<void>;
}

/** How long before the deadline writing stops, so that dead letters and manifest still get out. */
export const ACKNOWLEDGE_MARGIN_MILLIS = 5_000;

/** How old a change may be while its transform still fails; older ones no longer hold up their shard. */
export const TRANSFORM_PATIENCE_MILLIS = 15 * 60_000;

interface Step {
  readonly record: LogRecord;
  readonly event?: ChangeEvent;
  readonly rendering?: Rendering;
  readonly letter?: DeadLetter;
  /** Not done: the batch must be delivered again from here. */
  readonly again?: boolean;
}

/**
 * Makes what every log's consumer has in common: transform, fold, write, dead letters, manifest.
 *
 * Everything that counts as done is durable before: in the manifest, or on the dead-letter queue. A batch
 * may be delivered again from any point, whole or in part; versions make that harmless.
 *
 * The consumer returns how many of the records, from the first on, are done; the batch must come again from there.
 * It throws when nothing of the batch may be acknowledged: `INDEX_REPLACED`, `INDEX_UNAVAILABLE`
 * before the first write, `ENGINE_FAILED` of the manifest or a queue (all retryable).
 */
export function makeConsumeBatch(deps: ConsumerDeps) {
  return async ({ records, shard, deadline, settle }: LogBatch): Promise<number> => {
    await deps.identity.verify();
    const stopWriting = deadline - Math.min(ACKNOWLEDGE_MARGIN_MILLIS, (deadline - deps.now()) / 2);
    const steps = await render(deps, records, stopWriting);
    const batch = steps.map(toWrites);
    const settled = await writeBatch(deps, batch, stopWriting);

    const done = firstPlace(steps, settled);
    const letters = [
      ...collect(steps.slice(0, done), ({ letter }) => letter),
      ...collect(settled, (one) =>
        one.outcome.kind === "rejected" && one.write.firstEvent < done
          ? toRejectionLetter(deps, one, `${shard}/${one.write.event.position}`)
          : undefined,
      ),
    ];
    if (letters.length > 0) await deps.deadLetters.send(letters);
    await requestRereads(
      deps,
      collect(steps.slice(0, done), ({ event, rendering }) => event && { event, rendering }),
    );
    await settle?.(done);
    const entries = toEntries(settled, deps.generation.transformHash);
    await appendSegment(deps, "stream", entries, toPositions(records[done - 1], shard));
    deps.observe(toObservation(settled, letters.length, deps.now()));
    return done;
  };
}

async function render(
  deps: ConsumerDeps,
  records: readonly LogRecord[],
  deadline: number,
): Promise<readonly Step[]> {
  const steps = records.map((record) => begin(deps, record));
  const events = collect(steps, ({ event }) => event);
  const renderings = (await deps.render(events, deadline))[Symbol.iterator]();
  return steps.map((step) => {
    if (step.event === undefined) return step;
    const { value: rendering = { kind: "unsettled" } } = renderings.next();
    return judge(deps, { ...step, event: step.event, rendering });
  });
}

function begin(deps: ConsumerDeps, record: LogRecord): Step {
  const { content } = record;
  switch (content.kind) {
    case "change":
      return { record, event: content.event };
    case "undecodable":
      return { record, letter: toLetter(deps, record, undefined, content.cause, content.reason) };
    case "nothing":
      return { record };
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
function toPositions(last: LogRecord | undefined, shard: string): readonly SourcePosition[] {
  return last?.place === undefined ? [] : [{ shard, ...last.place }];
}

/** @param event - undefined where the record could not even be decoded */
function toLetter(
  deps: ConsumerDeps,
  { place, content }: LogRecord,
  event: ChangeEvent | undefined,
  cause: string,
  reason: string,
): DeadLetter {
  const { recordId = "", key = content.kind === "undecodable" ? content.key : {} } = event ?? {};
  return makeLetter(deps, { recordId, key, position: `/${place?.sequence ?? ""}` }, cause, reason);
}
