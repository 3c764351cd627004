import type { WireRecord } from "../dynamodb-streams.ts";

/** One record of a shard on its way to a function. */
export interface ShardRecord {
  readonly sequenceNumber: string;
  /** Epoch seconds; DynamoDB streams know whole ones only. */
  readonly createdAtSeconds: number;
  /** The record as Lambda's event has it, serialised once: its size decides what fits into a batch. */
  readonly json: string;
  readonly jsonBytes: number;
}

/**
 * Gives a stream's record the shape of Lambda's event: the source's ARN is added.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html the example event
 */
export function toShardRecord(record: WireRecord, streamArn: string): ShardRecord {
  const json = JSON.stringify({ ...record, eventSourceARN: streamArn });
  return {
    sequenceNumber: record.dynamodb.SequenceNumber,
    createdAtSeconds: record.dynamodb.ApproximateCreationDateTime,
    json,
    jsonBytes: Buffer.byteLength(json),
  };
}
