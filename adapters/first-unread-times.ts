import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { SourcePosition } from "../core/manifest-entry.ts";
import { listShards } from "./list-shards.ts";

/** How far a shard was read: to a position, or, of a pipeline that tells none, to an instant in epoch milliseconds. */
type Passed = SourcePosition | { readonly newerThan: number };
export type PassedOf = (shardId: string) => Passed | undefined;

/** Shards looked at together; the stream's consumers share the limit of five reads a second and shard. */
const SHARDS_AT_ONCE = 8;
/** An open shard may answer with empty pages before its records; after this many there is none to be read now. */
const MAXIMUM_EMPTY_PAGES = 5;
const RECORDS_A_PAGE = 1000;
/** More than this of a shard is not looked through: the lag is then not known. */
const MAXIMUM_PAGES = 200;

/**
 * Looks up, shard by shard, when the oldest change was made that was not read: one record each where a position is known,
 * else every record of the stream until it is found.
 *
 * @returns epoch milliseconds, of the shards that hold one
 * @throws RangeError when a shard holds more than can be looked through
 */
export async function firstUnreadTimes(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  passedOf: PassedOf,
): Promise<readonly number[]> {
  const shards = await listShards(streams, streamArn);
  const times: number[] = [];
  for (let start = 0; start < shards.length; start += SHARDS_AT_ONCE) {
    const group = shards.slice(start, start + SHARDS_AT_ONCE);
    const found = await Promise.all(
      group.map((shard) => firstUnreadTime(streams, streamArn, shard, passedOf(shard.ShardId ?? ""))),
    );
    times.push(...found.filter((time) => time !== undefined));
  }
  return times;
}

/** A closed shard whose last record was passed holds nothing unread, and is not read at all. */
async function firstUnreadTime(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shard: Shard,
  passed: Passed | undefined,
): Promise<number | undefined> {
  const end = shard.SequenceNumberRange?.EndingSequenceNumber;
  if (
    passed !== undefined &&
    "sequence" in passed &&
    end !== undefined &&
    BigInt(passed.sequence) >= BigInt(end)
  )
    return undefined;
  const { ShardIterator, newerThan } = await openShard(streams, streamArn, shard.ShardId ?? "", passed);
  let iterator = ShardIterator;
  for (let [page, empty] = [0, 0]; iterator !== undefined && empty < MAXIMUM_EMPTY_PAGES; page += 1) {
    if (page === MAXIMUM_PAGES) throw new RangeError(`shard ${shard.ShardId} holds too much to look through`);
    const Limit = newerThan === undefined ? 1 : RECORDS_A_PAGE;
    const { Records = [], NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit }),
    );
    const times = Records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0);
    const unread = times.find((time) => newerThan === undefined || time > newerThan);
    if (unread !== undefined) return unread;
    // Only an open shard's end is a run of empty pages; a closed one ends by giving no iterator.
    if (Records.length === 0 && end === undefined) empty += 1;
    iterator = NextShardIterator;
  }
  return undefined;
}

/**
 * Opens a shard behind a position. A position older than the stream's retention is gone: then whatever the
 * shard still holds is unread. A position that names no shard (Lambda tells none) may not be one of this
 * shard's numbers: then its time says what is unread.
 */
async function openShard(
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  ShardId: string,
  passed: Passed | undefined,
): Promise<{ readonly ShardIterator: string | undefined; readonly newerThan?: number }> {
  const open = async (from: Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber">) =>
    (await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }))).ShardIterator;
  const openWhole = () => open({ ShardIteratorType: "TRIM_HORIZON" });
  if (passed === undefined) return { ShardIterator: await openWhole() };
  if ("newerThan" in passed) return { ShardIterator: await openWhole(), newerThan: passed.newerThan };
  try {
    const SequenceNumber = passed.sequence;
    return { ShardIterator: await open({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber }) };
  } catch (cause) {
    if (cause instanceof TrimmedDataAccessException) return { ShardIterator: await openWhole() };
    if (passed.shard !== "") throw cause;
    return { ShardIterator: await openWhole(), newerThan: passed.time };
  }
}
