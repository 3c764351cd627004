import type { AttributeMap, TableKey } from "./attribute-value.ts";
import type { ChangeEvent } from "./change-event.ts";
import { toRecordId } from "./document-id.ts";
import { SyncError } from "./errors.ts";
import { toExternalVersion, versionOfStreamSecond } from "./external-version.ts";

/** One record of a DynamoDB stream, as Lambda's event carries it; nothing about it is taken for granted. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly Keys?: AttributeMap | undefined;
        readonly NewImage?: AttributeMap | undefined;
        readonly OldImage?: AttributeMap | undefined;
        readonly SequenceNumber?: string | undefined;
      }
    | undefined;
}

/** A version further ahead than this comes from a broken clock and would lock its document against every change. */
const MAX_FUTURE_MILLIS = 3_600_000;

/**
 * Reads one stream record.
 *
 * @param now - epoch milliseconds; bounds how far ahead a change may claim to be
 * @throws SyncError `EVENT_UNDECODABLE` when it lacks its key, its image or its name (not retryable)
 * @throws SyncError `POSITION_INVALID` when it has no creation time, or one over an hour ahead (not retryable)
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function decodeStreamRecord(record: StreamRecord, tableKey: TableKey, now: number): ChangeEvent {
  const { dynamodb: change = {} } = record;
  const key = change.Keys ?? {};
  const recordId = toRecordId(key, tableKey);
  const seconds = change.ApproximateCreationDateTime ?? 0;
  const version = versionOfStreamSecond(seconds);
  const sourceTime = Math.floor(seconds * 1000);
  if (sourceTime > now + MAX_FUTURE_MILLIS)
    toExternalVersion(-version, "creation time ahead of the clock, version");
  const position = change.SequenceNumber ?? "";
  const common = { recordId, key, version, sourceTime, position };
  const { NewImage: image, OldImage: oldImage } = change;
  if (record.eventName === "REMOVE") {
    return { ...common, op: "delete", ...(oldImage === undefined ? {} : { oldImage }) };
  }
  if (image === undefined) throw undecodable("NewImage", position);
  if (record.eventName === "INSERT") return { ...common, op: "insert", image };
  if (record.eventName !== "MODIFY") throw undecodable("eventName", position);
  return oldImage === undefined
    ? { ...common, op: "insert", image }
    : { ...common, op: "update", image, oldImage };
}

function undecodable(field: string, position: string): SyncError {
  return new SyncError(
    "EVENT_UNDECODABLE",
    "a stream record lacks a field its change cannot be told without",
    {
      subject: `${field} at ${position}`,
      fix: "set the stream's view type to NEW_AND_OLD_IMAGES",
      retryable: false,
    },
  );
}
