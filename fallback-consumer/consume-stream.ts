import { decodeStreamRecord, type StreamRecord } from "../core/decode-stream-record.ts";
import { SyncError } from "../core/errors.ts";
import { type LogRecord, makeConsumeBatch } from "./consume-batch.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";

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

/**
 * Makes the DynamoDB stream's consumer of a generation; what it promises is {@link makeConsumeBatch}'s.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function makeConsumeStream(deps: ConsumerDeps) {
  const consumeBatch = makeConsumeBatch(deps);
  return async ({ records, shard, deadline }: StreamBatch): Promise<StreamAnswer> => {
    const decoded = records.map((record) => toLogRecord(deps, record));
    const done = await consumeBatch({ records: decoded, shard, deadline });
    if (done === records.length) return { batchItemFailures: [] };
    return { batchItemFailures: [{ itemIdentifier: records[done]?.dynamodb?.SequenceNumber ?? "" }] };
  };
}

function toLogRecord(deps: ConsumerDeps, record: StreamRecord): LogRecord {
  const { SequenceNumber: sequence, ApproximateCreationDateTime: seconds = 0 } = record.dynamodb ?? {};
  const place = sequence === undefined ? undefined : { sequence, time: Math.floor(seconds * 1000) };
  try {
    const event = decodeStreamRecord(record, deps.generation.key, deps.now());
    return { place, content: { kind: "change", event } };
  } catch (cause) {
    const code = cause instanceof SyncError ? cause.code : "EVENT_UNDECODABLE";
    const reason = cause instanceof Error ? cause.message : "no reason given";
    const key = record.dynamodb?.Keys ?? {};
    return { place, content: { kind: "undecodable", key, cause: code, reason } };
  }
}
