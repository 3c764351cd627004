import type { ShardRecord } from "./shard-record.ts";
import type { TumblingWindow } from "./tumbling-window.ts";

/** What an event of a mapping with a tumbling window says besides its records. */
export interface WindowPlace {
  readonly window: TumblingWindow;
  readonly shardId: string;
  readonly streamArn: string;
  /** `early`: the state grew too large, the window goes on with an empty one. */
  readonly final: "no" | "yes" | "early";
}

/**
 * Makes the event a function is invoked with, as JSON.
 *
 * @param records - none in the last invocation of a window
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html the example event
 */
export function toLambdaEvent(records: readonly ShardRecord[], place: WindowPlace | undefined): string {
  const list = `"Records":[${records.map(({ json }) => json).join(",")}]`;
  if (place === undefined) return `{${list}}`;
  const { window, shardId, streamArn, final } = place;
  const rest = JSON.stringify({
    window: { start: toIsoSeconds(window.startSeconds), end: toIsoSeconds(window.endSeconds) },
    state: window.state,
    shardId,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: final !== "no",
    isWindowTerminatedEarly: final === "early",
  });
  return `{${list},${rest.slice(1)}`;
}

/** A time as AWS writes it into events: without milliseconds. */
export function toIsoSeconds(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}
