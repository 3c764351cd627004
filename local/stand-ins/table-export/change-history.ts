import { SyncError } from "../../../core/errors.ts";
import { type DynamoDbStreams, PAGE_RECORDS, type ShardStart, type WireRecord } from "../dynamodb-streams.ts";

/** A place in a table's stream. It holds for 15 minutes. */
export interface StreamMark {
  readonly streamArn: string;
  /** An iterator a shard. */
  readonly iterators: ReadonlyMap<string, string>;
}

/** Marks the end of a stream as of now, or its beginning. @throws SyncError `ENGINE_FAILED` (retryable) */
export async function markStream(
  streams: DynamoDbStreams,
  streamArn: string,
  at: "beginning" | "end",
): Promise<StreamMark> {
  const iterators = new Map<string, string>();
  for (const { id } of await streams.listShards(streamArn)) {
    iterators.set(id, await open(streams, streamArn, id, { kind: at === "end" ? "end" : "oldest" }));
  }
  return { streamArn, iterators };
}

/**
 * Every change since a mark up to a time, and some after it; a page at a time, those of one item in their order.
 *
 * Without the time, a stream that is written to fast enough would have no end.
 *
 * @param untilSeconds - by the clock of this machine, which is the emulator's
 * @throws SyncError `ENGINE_FAILED` when the stream cannot be read, `EXPORT_FAILED` when the mark holds no more
 */
export async function* readChanges(
  streams: DynamoDbStreams,
  { streamArn, iterators }: StreamMark,
  untilSeconds: number,
): AsyncGenerator<readonly WireRecord[]> {
  for (const { id } of await streams.listShards(streamArn)) {
    // A shard that the mark does not know was made after it.
    let iterator: string | undefined =
      iterators.get(id) ?? (await open(streams, streamArn, id, { kind: "oldest" }));
    while (iterator !== undefined) {
      const page = await streams.readPage(iterator, PAGE_RECORDS);
      if (page.kind !== "page") throw lost(streamArn, page.kind);
      yield page.records;
      const last = page.records.at(-1)?.dynamodb.ApproximateCreationDateTime ?? Number.POSITIVE_INFINITY;
      iterator = last > untilSeconds ? undefined : page.next;
    }
  }
}

async function open(
  streams: DynamoDbStreams,
  streamArn: string,
  shardId: string,
  start: ShardStart,
): Promise<string> {
  const opened = await streams.openShard(streamArn, shardId, start);
  if (opened.kind === "opened") return opened.iterator;
  throw lost(streamArn, "trimmed");
}

function lost(streamArn: string, why: string): SyncError {
  return new SyncError("EXPORT_FAILED", "the changes since an export began cannot be told any more", {
    subject: `${streamArn}, ${why}`,
    fix: "export again",
    retryable: true,
  });
}
