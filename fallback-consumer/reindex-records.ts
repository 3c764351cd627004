import type { AttributeMap } from "../core/attribute-value.ts";
import type { ChangeEvent } from "../core/change-event.ts";
import { parseRecordId, toDocumentId } from "../core/document-id.ts";
import { SyncError } from "../core/errors.ts";
import { versionOfReread } from "../core/external-version.ts";
import { parseReindexRequest } from "../core/parse-reindex-request.ts";
import { type PlannedWrite, planWrites } from "../core/plan-writes.ts";
import type { DocumentVersions } from "../core/ports/document-versions.ts";
import type { MessagePostponer } from "../core/ports/message-postponer.ts";
import type { RecordDocuments } from "../core/ports/record-documents.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import type { UnrepairableLog } from "../core/ports/unrepairable-log.ts";
import { withoutValues } from "../core/read-bulk-answer.ts";
import type { DeadLetter, ReindexRequest } from "../core/reindex-request.ts";
import { announceRereads } from "./announce-rereads.ts";
import { ACKNOWLEDGE_MARGIN_MILLIS, type StreamAnswer, TRANSFORM_PATIENCE_MILLIS } from "./consume-stream.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import type { Rendering } from "./render-batch.ts";
import { makeSettleReread, toRereadVerdict } from "./settle-reread.ts";
import { appendSegment, toEntries, toObservation, writeBatch } from "./write-batch.ts";

/** One message of the reindex queue. */
export interface ReindexMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number;
}

export interface ReindexDeps extends ConsumerDeps {
  readonly source: SourceReader;
  readonly documents: RecordDocuments;
  readonly queue: ReindexQueue;
  readonly postponer: MessagePostponer;
  readonly versions: DocumentVersions;
  readonly unrepairable: UnrepairableLog;
  readonly newRequestId: () => string;
  /** A record may have several documents, so that the manifest must be asked which it has. */
  readonly several: boolean;
}

interface Work {
  readonly message: ReindexMessage;
  readonly request: ReindexRequest;
}

interface Reread extends Work {
  readonly event: ChangeEvent;
  readonly rendering: Rendering;
  readonly writes: readonly PlannedWrite[];
  /** Documents of the record that the manifest knows. */
  readonly known: readonly string[];
}

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
    toLetter: (request, reason) => toLetter(deps, request, "UNREPAIRABLE", reason),
  });
  return async (messages: readonly ReindexMessage[], deadline: number): Promise<StreamAnswer> => {
    await deps.identity.verify();
    const stopWriting = deadline - Math.min(ACKNOWLEDGE_MARGIN_MILLIS, (deadline - deps.now()) / 2);
    const { due, early, letters } = sortMessages(deps, messages);
    await Promise.all(early.map(({ message, request }) => postpone(deps, message, untilDue(deps, request))));

    const rereads = await readAgain(deps, due, stopWriting);
    if (deps.several) {
      const known = new Set(rereads.flatMap((reread) => reread.known));
      await announceRereads(
        deps,
        rereads.flatMap(({ writes }) => writes),
        known,
      );
    }
    const settled = await writeBatch(
      deps,
      rereads.map(({ writes }) => writes),
      stopWriting,
    );
    const outcomes = new Map(settled.map(({ write, outcome }) => [write.id, outcome]));
    const verdicts = rereads.map((reread) => ({ reread, verdict: toVerdict(deps, reread, outcomes) }));

    const answers = await Promise.all(
      verdicts.map(async ({ reread, verdict }) =>
        verdict.kind === "superseded" ? settleReread(reread.request, verdict.ids) : verdict,
      ),
    );
    const allLetters = [
      ...letters,
      ...answers.flatMap((answer) => (answer.kind === "letter" ? answer.letter : [])),
    ];
    const requests = answers.flatMap((answer) => (answer.kind === "request" ? answer.request : []));
    if (allLetters.length > 0) await deps.deadLetters.send(allLetters);
    if (requests.length > 0) await deps.queue.send(requests);
    const entries = toEntries(settled, deps.generation.transformHash);
    await appendSegment(deps, "reindex", entries);
    deps.observe({ ...toObservation(settled, allLetters.length, deps.now()), delaysMillis: [] });

    const again = rereads.filter((_, place) => answers[place]?.kind === "again");
    await Promise.all(again.map(({ message }) => postpone(deps, message, TRY_AGAIN_SECONDS)));
    const failed = [...early, ...again];
    return { batchItemFailures: failed.map(({ message }) => ({ itemIdentifier: message.messageId })) };
  };
}

function sortMessages(deps: ReindexDeps, messages: readonly ReindexMessage[]) {
  const due: Work[] = [];
  const early: Work[] = [];
  const letters: DeadLetter[] = [];
  for (const message of messages) {
    try {
      const request = parseReindexRequest(message.body);
      (request.notBefore > deps.now() ? early : due).push({ message, request });
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

function untilDue({ now }: ReindexDeps, { notBefore }: ReindexRequest): number {
  const seconds = Math.ceil((notBefore - now()) / 1000);
  return Math.min(LONGEST_POSTPONEMENT_SECONDS, Math.max(0, seconds));
}

async function readAgain(
  deps: ReindexDeps,
  due: readonly Work[],
  deadline: number,
): Promise<readonly Reread[]> {
  const readBegan = deps.now();
  const keys = due.map(({ request }) => request.key ?? parseRecordId(request.recordId, deps.generation.key));
  const found = await deps.source.read(keys.filter((key) => key !== undefined));
  let next = 0;
  const events = due.map(({ request }, place): ChangeEvent => {
    const key = keys[place];
    const image = key === undefined ? undefined : found[next++];
    return toEvent(request, key ?? {}, image, readBegan);
  });
  const renderings = await deps.render(events, deadline);
  return Promise.all(
    due.map(async (work, place): Promise<Reread> => {
      const event = events[place] ?? toEvent(work.request, {}, undefined, readBegan);
      const rendering = renderings[place] ?? { kind: "unsettled" };
      if (rendering.kind !== "rendered") return { ...work, event, rendering, writes: [], known: [] };
      const known = await formerIds(deps, work.request, event);
      const writes = planWrites(event, rendering.documents, new Set(known));
      return { ...work, event, rendering, writes, known };
    }),
  );
}

function toEvent(
  { recordId, requestId }: ReindexRequest,
  key: AttributeMap,
  image: AttributeMap | undefined,
  readBegan: number,
): ChangeEvent {
  const version = versionOfReread(readBegan);
  const common = { recordId, key, version, sourceTime: readBegan, position: requestId };
  return image === undefined ? { ...common, op: "delete" } : { ...common, op: "read", image };
}

/**
 * Every document that must not outlive this re-read unless the record still makes it.
 *
 * Where a record may have several, only what the manifest knows: a tombstone for a document that never was
 * would be one more thing to account for.
 */
async function formerIds(
  { documents, several }: ReindexDeps,
  { documentId, recordId }: ReindexRequest,
  { op }: ChangeEvent,
): Promise<readonly string[]> {
  const known = several ? await documents.list(recordId) : [];
  return [
    ...known.map(({ id }) => id),
    ...(documentId === undefined ? [] : [documentId]),
    ...(op === "delete" && !several ? [toDocumentId(recordId)] : []),
  ];
}

function toVerdict(
  deps: ReindexDeps,
  { message, request, rendering, writes }: Reread,
  outcomes: Parameters<typeof toRereadVerdict>[1],
) {
  switch (rendering.kind) {
    case "rendered":
      return toRereadVerdict(writes, outcomes, (cause, reason) => toLetter(deps, request, cause, reason));
    case "unsettled":
      return { kind: "again" } as const;
    case "invalid":
      return letter(deps, request, rendering.error.code, rendering.error.message);
    case "failed":
      if (deps.now() - message.sentAt < TRANSFORM_PATIENCE_MILLIS) return { kind: "again" } as const;
      return letter(deps, request, "TRANSFORM_FAILED", withoutValues(rendering.reason));
  }
}

function letter(deps: ReindexDeps, request: ReindexRequest, cause: string, reason: string) {
  return { kind: "letter", letter: toLetter(deps, request, cause, reason) } as const;
}

function toLetter(
  { generation: { table, generation, key: tableKey }, now }: ReindexDeps,
  { recordId, requestId, key, documentId }: Omit<ReindexRequest, "reason" | "attempt" | "notBefore">,
  cause: string,
  reason: string,
): DeadLetter {
  return {
    table,
    generation,
    recordId,
    key: key ?? parseRecordId(recordId, tableKey) ?? {},
    ...(documentId === undefined ? {} : { documentId }),
    cause,
    reason: reason.slice(0, 500),
    position: `reindex/${requestId}`,
    at: new Date(now()).toISOString(),
  };
}
