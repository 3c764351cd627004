import type { ShardRecord } from "./shard-record.ts";

/** A tumbling window of one shard that took records and has not had its final invocation. */
export interface TumblingWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** What the function returned last; passed to its next invocation. */
  readonly state: unknown;
  /** Epoch milliseconds at which it last took a record. */
  readonly changedAt: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html "a maximum of 1 MB per shard" */
const MAXIMUM_STATE_BYTES = 1024 * 1024;

/** How long after its end a window that gets no more records is waited for: "up to 2 minutes". */
const QUIET_MILLIS = 120_000;

/** The window a record opens: whole multiples of the length since the epoch, by the record's creation. */
export function openWindow(record: ShardRecord, lengthSeconds: number, now: number): TumblingWindow {
  const startSeconds = Math.floor(record.createdAtSeconds / lengthSeconds) * lengthSeconds;
  return { startSeconds, endSeconds: startSeconds + lengthSeconds, state: {}, changedAt: now };
}

/** Whether a record belongs to a later window. One from before is late, and joins the window that is open. */
export function isAfter(record: ShardRecord, window: Pick<TumblingWindow, "endSeconds">): boolean {
  return record.createdAtSeconds >= window.endSeconds;
}

/** Whether a window gets no more records, as far as can be told without one of the next window. */
export function isOver({ endSeconds, changedAt }: TumblingWindow, now: number): boolean {
  return now >= endSeconds * 1000 && now - changedAt >= QUIET_MILLIS;
}

/** Whether the state is too large to be carried on: the window is then terminated early. */
export function isOverfull({ state }: TumblingWindow): boolean {
  return Buffer.byteLength(JSON.stringify(state) ?? "") > MAXIMUM_STATE_BYTES;
}
