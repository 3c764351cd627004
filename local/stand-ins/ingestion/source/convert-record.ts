import * as z from "zod";
import type { Item, WireRecord } from "../../dynamodb-streams.ts";
import type { EventData, EventMetadata } from "../event.ts";
import { toKeyText, toPlainItem } from "./plain-item.ts";
import { toExportVersion } from "./tie-breaking-version.ts";

/** What a source must know of its table to name its records. */
export interface KeyedTable {
  readonly name: string;
  /** The partition key first. */
  readonly keyNames: readonly string[];
}

/** A record that became an event, not acknowledged by anybody yet. */
export interface ConvertedRecord {
  readonly data: EventData;
  readonly metadata: EventMetadata;
}

export type ViewOnRemove = "NEW_IMAGE" | "OLD_IMAGE";

const name = z.string().optional();
/** The API writes these in capitals or without, by protocol. */
const userSchema = z.object({
  userIdentity: z.looseObject({ principalId: name, type: name, PrincipalId: name, Type: name }),
});

/**
 * Turns a stream's record into an event.
 *
 * @param version - see `tie-breaking-version.ts`; asked once the rest is converted, so that a failure takes none
 * @throws RangeError when a value cannot be converted
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/RecordConverter.java` addToBuffer
 */
export function convertStreamRecord(
  record: WireRecord,
  table: KeyedTable,
  view: ViewOnRemove,
  version: (epochSeconds: number) => bigint,
): ConvertedRecord {
  const { dynamodb: change, eventName } = record;
  const removed = eventName === "REMOVE";
  const image = removed && view === "OLD_IMAGE" ? (change.OldImage ?? change.NewImage) : change.NewImage;
  return {
    data: toPlainItem(image ?? {}),
    metadata: {
      ...toKeys(change.Keys, table, "stream"),
      dynamodb_timestamp: change.ApproximateCreationDateTime * 1000,
      document_version: version(change.ApproximateCreationDateTime),
      opensearch_action: removed ? "delete" : "index",
      dynamodb_event_name: eventName,
      ttl_delete: removed && isTimeToLive(record),
    },
  };
}

/** Turns an item of an export into an event. @throws RangeError when a value cannot be converted */
export function convertExportItem(item: Item, table: KeyedTable, exportTimeMillis: number): ConvertedRecord {
  return {
    data: toPlainItem(item),
    metadata: {
      ...toKeys(item, table, "export"),
      dynamodb_timestamp: exportTimeMillis,
      document_version: toExportVersion(exportTimeMillis),
      opensearch_action: "index",
      ttl_delete: false,
    },
  };
}

function toKeys(item: Item, { name, keyNames }: KeyedTable, from: "stream" | "export"): EventMetadata {
  const [partition = "", sort] = keyNames.map((key) => toKeyText(item[key], from));
  return {
    table_name: name,
    partition_key: partition,
    ...(sort === undefined ? {} : { sort_key: sort }),
    // Nothing is escaped: ("a|b", "c") and ("a", "b|c") are one document.
    primary_key: sort === undefined ? partition : `${partition}|${sort}`,
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
function isTimeToLive(record: WireRecord): boolean {
  const { userIdentity: user } = userSchema.safeParse(record).data ?? { userIdentity: {} };
  return (
    (user.principalId ?? user.PrincipalId) === "dynamodb.amazonaws.com" &&
    (user.type ?? user.Type) === "Service"
  );
}
