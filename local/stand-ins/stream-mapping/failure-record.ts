import type { Batch } from "./batch.ts";
import type { StreamMapping } from "./declaration.ts";
import { toIsoSeconds } from "./lambda-event.ts";
import type { DiscardCondition } from "./next-step.ts";
import type { ShardRecord } from "./shard-record.ts";

/** Records that are given up, and after what. */
export interface Discard {
  readonly batch: Batch<ShardRecord>;
  readonly records: readonly ShardRecord[];
  readonly condition: DiscardCondition;
}

/**
 * What an on-failure destination is told: where the records lie in the stream, never the records.
 *
 * @param now - epoch milliseconds
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html the example invocation record
 */
export function toFailureRecord(
  { batch, records, condition }: Discard,
  mapping: StreamMapping,
  shardId: string,
  requestId: string,
  now: number,
) {
  const first = records.at(0);
  const last = records.at(-1);
  return {
    requestContext: {
      requestId,
      functionArn: toFunctionArn(mapping),
      condition,
      approximateInvokeCount: batch.failures,
    },
    ...(batch.failures === 0 ? {} : { responseContext: toResponseContext(batch) }),
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: toIsoSeconds(first?.createdAtSeconds ?? 0),
      approximateArrivalOfLastRecord: toIsoSeconds(last?.createdAtSeconds ?? 0),
      batchSize: records.length,
      streamArn: mapping.streamArn,
    },
  };
}

function toResponseContext({ functionError }: Batch<ShardRecord>) {
  return {
    statusCode: 200,
    executedVersion: "$LATEST",
    ...(functionError ? { functionError: "Unhandled" } : {}),
  };
}

function toFunctionArn({ functionName, streamArn }: StreamMapping): string {
  if (functionName.startsWith("arn:")) return functionName;
  const [, partition, , region, account] = streamArn.split(":");
  return `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
}
