import type { DynamoDbStreams, ShardStart } from "../dynamodb-streams.ts";
import { type ShardRecord, toShardRecord } from "./shard-record.ts";

/** The records of one shard, in order, each read once. */
export interface ShardSource {
  /**
   * @returns what comes next, possibly nothing; `ended` when the shard is closed and this was the last of it
   * @throws SyncError `ENGINE_FAILED` when the stream cannot be read (retryable: nothing is skipped)
   */
  read(limit: number): Promise<{ readonly records: readonly ShardRecord[]; readonly ended: boolean }>;
}

const NOTHING = { records: [], ended: false };

/**
 * Follows a shard from where it is told to begin.
 *
 * An iterator that expired is opened again after the last record read. Where that record is older than the stream
 * keeps them, reading goes on at the oldest there is, as Lambda's does; what lies between is lost.
 */
export function makeShardSource(
  streams: DynamoDbStreams,
  streamArn: string,
  shardId: string,
  first: ShardStart,
): ShardSource {
  let start = first;
  let iterator: string | undefined;
  const open = async (): Promise<string | undefined> => {
    const opened = await streams.openShard(streamArn, shardId, start);
    if (opened.kind === "opened") return opened.iterator;
    start = { kind: "oldest" };
    return undefined;
  };
  return {
    read: async (limit) => {
      iterator ??= await open();
      if (iterator === undefined) return NOTHING;
      const page = await streams.readPage(iterator, limit);
      iterator = page.kind === "page" ? page.next : undefined;
      if (page.kind === "trimmed") start = { kind: "oldest" };
      if (page.kind !== "page") return NOTHING;
      const sequenceNumber = page.records.at(-1)?.dynamodb.SequenceNumber;
      if (sequenceNumber !== undefined) start = { kind: "after", sequenceNumber };
      const records = page.records.map((record) => toShardRecord(record, streamArn));
      return { records, ended: page.next === undefined };
    },
  };
}
