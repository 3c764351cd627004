import type { StreamMapping } from "./declaration.ts";
import type { ShardRecord } from "./shard-record.ts";
import { isAfter, openWindow, type TumblingWindow } from "./tumbling-window.ts";

/** The first records of a shard that may go to the function together. */
export interface BatchCut {
  readonly records: readonly ShardRecord[];
  /** Whether nothing that is still to come could be added. */
  readonly full: boolean;
}

/**
 * What the records of an event may weigh; the rest is for what surrounds them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html "the payload size reaches 6 MB"
 */
export const MAXIMUM_RECORDS_BYTES = 6 * 1024 * 1024 - 16 * 1024;

/**
 * Cuts the next batch: as many records as batch size, payload limit and tumbling window let go together.
 *
 * One record always goes, whatever it weighs.
 *
 * @param open - the window that took the records before these
 */
export function cutBatch(
  unsent: readonly ShardRecord[],
  mapping: StreamMapping,
  open: TumblingWindow | undefined,
): BatchCut {
  const [first] = unsent;
  if (first === undefined) return { records: [], full: false };
  const window = findWindow(first, mapping, open);
  let bytes = 0;
  const end = unsent.findIndex((record, place) => {
    bytes += record.jsonBytes + 1;
    if (place === 0) return false;
    return place >= mapping.batchSize || bytes > MAXIMUM_RECORDS_BYTES || isAfter(record, window);
  });
  const records = end === -1 ? unsent : unsent.slice(0, end);
  return { records, full: end !== -1 || records.length >= mapping.batchSize };
}

function findWindow(
  first: ShardRecord,
  { tumblingWindowSeconds }: StreamMapping,
  open: TumblingWindow | undefined,
): Pick<TumblingWindow, "endSeconds"> {
  if (tumblingWindowSeconds === 0) return { endSeconds: Number.POSITIVE_INFINITY };
  return open !== undefined && !isAfter(first, open) ? open : openWindow(first, tumblingWindowSeconds, 0);
}
