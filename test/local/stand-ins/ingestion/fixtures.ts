import type { Item, WireRecord } from "../../../../local/stand-ins/dynamodb-streams.ts";
import type { Receipt } from "../../../../local/stand-ins/ingestion/acknowledgement-set.ts";
import type { EventData, EventMetadata, PipelineEvent } from "../../../../local/stand-ins/ingestion/event.ts";
import type { BulkOperation } from "../../../../local/stand-ins/ingestion/sinks/bulk-operation.ts";

/** A receipt that keeps account of what it is told. */
export function makeAccount() {
  const told: boolean[] = [];
  const receipt: Receipt = { hold: () => {}, release: (taken) => void told.push(taken) };
  return { told, receipt };
}

export function eventOf(
  data: EventData,
  metadata: EventMetadata = {},
  receipt = makeAccount().receipt,
): PipelineEvent {
  return { data, metadata, receipt };
}

export function operationOf(id: string, action: BulkOperation["action"] = "index"): BulkOperation {
  return { action, index: "i", id, lines: `${id}\n`, document: "{}", receipt: makeAccount().receipt };
}

/** A stream record of an item with the key `id`. */
export function recordOf(
  id: string,
  seconds: number,
  eventName: WireRecord["eventName"] = "MODIFY",
  more: Item = {},
): WireRecord {
  const key = { id: { S: id } };
  const image = { ...key, ...more };
  return {
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: seconds,
      SequenceNumber: `${seconds}-${id}`,
      Keys: key,
      ...(eventName === "REMOVE" ? { OldImage: image } : { NewImage: image }),
    },
  };
}
