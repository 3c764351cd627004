import {
  parseDeclaration,
  type StreamMapping,
} from "../../../../local/stand-ins/stream-mapping/declaration.ts";
import { type ShardRecord, toShardRecord } from "../../../../local/stand-ins/stream-mapping/shard-record.ts";

export const STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-11-23T10:00:00.000";

/** A mapping with what is required, and what a test cares about. */
export function mappingOf(properties: Readonly<Record<string, unknown>> = {}): StreamMapping {
  return parseDeclaration("test", {
    EventSourceArn: STREAM,
    FunctionName: "consumer",
    StartingPosition: "TRIM_HORIZON",
    ...properties,
  });
}

/** The n-th record of a shard. */
export function recordOf(number: number, createdAtSeconds = 1_000, text = ""): ShardRecord {
  const dynamodb = {
    ApproximateCreationDateTime: createdAtSeconds,
    Keys: { id: { S: String(number) } },
    NewImage: { id: { S: String(number) }, text: { S: text } },
    SequenceNumber: String(number),
  };
  return toShardRecord({ eventName: "INSERT", dynamodb }, STREAM);
}

/** Records number 1 to `count`. */
export function recordsOf(count: number, createdAtSeconds = 1_000): readonly ShardRecord[] {
  return Array.from({ length: count }, (_, place) => recordOf(place + 1, createdAtSeconds));
}

/** The sequence numbers of records. */
export function numbersOf(records: readonly ShardRecord[]): readonly number[] {
  return records.map(({ sequenceNumber }) => Number(sequenceNumber));
}
