import type { ShardProgress } from "./shard-progress.ts";

/** How far one shard is, as it is shown to people. */
export interface ShardState {
  readonly shardId: string;
  readonly state: "reading" | "ended";
  /** Everything up to it is delivered or discarded; absent before the first. */
  readonly lastSequenceNumber?: string;
  /** How often the batch that is to be sent next failed. */
  readonly retries: number;
  readonly lastError?: string;
}

/** Tells how far a shard is. @param progress - absent before its first step */
export function toShardState(
  shardId: string,
  state: ShardState["state"],
  progress: ShardProgress | undefined,
): ShardState {
  const { lastSettled, lastError } = progress ?? {};
  return {
    shardId,
    state,
    retries: progress?.again[0]?.failures ?? 0,
    ...(lastSettled === undefined ? {} : { lastSequenceNumber: lastSettled }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
