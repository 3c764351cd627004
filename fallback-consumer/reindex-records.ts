import { SyncError } from "../core/errors.ts";
import { rulesOf } from "../core/mode-rules.ts";
import { parseReindexRequests } from "../core/parse-reindex-request.ts";
import { withoutValues } from "../core/read-bulk-answer.ts";
import { managedPlace } from "../core/read-sent-line.ts";
import type { DeadLetter, ReindexRequest } from "../core/reindex-request.ts";
import { announceRereads } from "./announce-rereads.ts";
import { ACKNOWLEDGE_MARGIN_MILLIS, TRANSFORM_PATIENCE_MILLIS } from "./consume-batch.ts";
import type { StreamAnswer } from "./consume-stream.ts";
import { makeLetter } from "./make-letter.ts";
import { type Reread, readAgain, type Work } from "./read-again.ts";
import type { ReindexDeps, ReindexMessage } from "./reindex-deps.ts";
import { requestRereads } from "./request-rereads.ts";
import { makeSettleReread, toRereadVerdict } from "./settle-reread.ts";
import { appendSegment, toEntries, toObservation, writeBatch } from "./write-batch.ts";

/** The longest SQS hides a message. */
const LONGEST_POSTPONEMENT_SECONDS = 43_200;
/** When a message comes again that could not be dealt with: the index was away, or its transform failed. */
const TRY_AGAIN_SECONDS = 10;

/**
 * Makes the consumer of a generation's reindex queue: what repairs, replays and heals ties.
 *
 * Each record is read again, strongly consistent, and what it is now goes the way of every change. Nothing of
 * the message but the record's name is believed, so an old letter resurrects nothing. Idempotent; the same
 * durability before acknowledgement as the stream consumer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html `batchItemFailures`
 */
export function makeReindexRecords(deps: ReindexDeps) {
  const settleReread = makeSettleReread({
    ...deps,
    toLetter: (request, documentId, reason) =>
      toLetter(deps, { ...request, documentId }, "UNREPAIRABLE", reason),
  });
  return async (messages: readonly ReindexMessage[], deadline: number): Promise<StreamAnswer> => {
    await deps.identity.verify();
    const stopWriting = deadline - Math.min(ACKNOWLEDGE_MARGIN_MILLIS, (deadline - deps.now()) / 2);
    const { due, early, letters } = sortMessages(deps, messages);
    await Promise.all(
      early.map(({ message, notBefore }) => postpone(deps, message, untilDue(deps, notBefore))),
    );

    const rereads = await readAgain(deps, due, stopWriting);
    if (deps.several) await announceRereads(deps, rereads);
    const settled = await writeBatch(
      deps,
      rereads.map(({ writes }) => writes),
      stopWriting,
    );
    const outcomes = new Map(settled.map(({ write, outcome }) => [write.id, outcome]));
    const verdicts = rereads.map((reread) => ({ reread, verdict: toVerdict(deps, reread, outcomes) }));

    const answers = await Promise.all(
      verdicts.map(async ({ reread, verdict }) =>
        verdict.kind === "superseded"
          ? settleReread(reread.request, verdict.ids, reread.event.version)
          : verdict,
      ),
    );
    const allLetters = [
      ...letters,
      ...answers.flatMap((answer) => (answer.kind === "letter" ? answer.letter : [])),
    ];
    const requests = answers.flatMap((answer) => (answer.kind === "request" ? answer.request : []));
    if (allLetters.length > 0) await deps.deadLetters.send(allLetters);
    if (requests.length > 0) await deps.queue.send(requests);
    await requestRereads(
      deps,
      rereads.filter((_, place) => answers[place]?.kind === "done"),
    );
    const { mode, transformHash } = deps.generation;
    const entries = toEntries(settled, transformHash).map((entry) =>
      mode === "managed" ? { ...entry, ...managedPlace(entry.version) } : entry,
    );
    await appendSegment(deps, "reindex", entries);
    deps.observe({ ...toObservation(settled, allLetters.length, deps.now()), delaysMillis: [] });

    const unsettled = rereads.filter((_, place) => answers[place]?.kind === "again");
    const again = new Set(unsettled.map(({ message }) => message));
    await Promise.all([...again].map((message) => postpone(deps, message, TRY_AGAIN_SECONDS)));
    const failed = [...early.map(({ message }) => message), ...again];
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function sortMessages(deps: ReindexDeps, messages: readonly ReindexMessage[]) {
  const due: Work[] = [];
  const early: { readonly message: ReindexMessage; readonly notBefore: number }[] = [];
  const letters: DeadLetter[] = [];
  for (const message of messages) {
    try {
      const requests = parseReindexRequests(message.body);
      const notBefore = Math.max(...requests.map((request) => request.notBefore));
      if (notBefore > deps.now()) early.push({ message, notBefore });
      else due.push(...requests.map((request) => ({ message, request })));
    } catch (cause) {
      const reason = cause instanceof SyncError ? cause.message : "unreadable";
      letters.push(
        toLetter(deps, { recordId: "", requestId: message.messageId }, "EVENT_UNDECODABLE", reason),
      );
    }
  }
  return { due, early, letters };
}

/** Left alone, a message stays hidden for the queue's whole visibility timeout. A refused postponement does no harm. */
async function postpone(
  { postponer }: ReindexDeps,
  { receiptHandle }: ReindexMessage,
  seconds: number,
): Promise<void> {
  try {
    await postponer.postpone(receiptHandle, seconds);
  } catch (cause) {
    if (!(cause instanceof SyncError)) throw cause;
  }
}

function untilDue({ now }: ReindexDeps, notBefore: number): number {
  const seconds = Math.ceil((notBefore - now()) / 1000);
  return Math.min(LONGEST_POSTPONEMENT_SECONDS, Math.max(0, seconds));
}

function toVerdict(
  deps: ReindexDeps,
  { message, request, rendering, writes }: Reread,
  outcomes: Parameters<typeof toRereadVerdict>[1],
) {
  switch (rendering.kind) {
    case "rendered":
      return toRereadVerdict(writes, outcomes, (documentId, cause, reason) =>
        toLetter(deps, { ...request, documentId }, cause, reason),
      );
    case "unsettled":
      return { kind: "again" } as const;
    case "invalid":
      return letter(deps, request, rendering.error.code, rendering.error.message);
    case "failed":
      if (deps.now() - message.sentAt < TRANSFORM_PATIENCE_MILLIS) return { kind: "again" } as const;
      return letter(deps, request, rendering.cause, withoutValues(rendering.reason));
  }
}

function letter(deps: ReindexDeps, request: ReindexRequest, cause: string, reason: string) {
  return { kind: "letter", letter: toLetter(deps, request, cause, reason) } as const;
}

function toLetter(
  deps: ReindexDeps,
  { recordId, requestId, key, documentId }: Omit<ReindexRequest, "reason" | "attempt" | "notBefore">,
  cause: string,
  reason: string,
): DeadLetter {
  const subject = {
    recordId,
    key: key ?? rulesOf(deps.generation.mode).parseRecordId(recordId, deps.generation.key)[0] ?? {},
    position: `reindex/${requestId}`,
    ...(documentId === undefined ? {} : { documentId }),
  };
  return makeLetter(deps, subject, cause, reason);
}
