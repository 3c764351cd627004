import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { ShardLook, ShardProgress } from "../core/horizon.ts";
import type { SourcePosition } from "../core/manifest-entry.ts";
import { mapLimited } from "../core/map-limited.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { StreamHorizon } from "../core/ports/stream-horizon.ts";
import { firstUnreadTimes } from "./first-unread-times.ts";
import { listShards } from "./list-shards.ts";

/** An audit reads beside two consumers that share five reads a second and shard. */
const SHARDS_AT_ONCE = 8;
/** An open shard may answer with empty pages before its records. */
const MAXIMUM_EMPTY_PAGES = 5;
/** A closed shard's pages end by themselves; this only bounds a broken answer. */
const MAXIMUM_PAGES = 1000;

/**
 * Looks at a DynamoDB stream from where its consumer stands, one record a shard.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
export function makeDynamoDbStreamHorizon(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  now: Clock,
): StreamHorizon {
  return {
    kind: "stream",
    look: async (positions, instant, fromOldest) => {
      const byShard = new Map(positions.map((position) => [position.shard, position]));
      const shards = await listShards(streams, streamArn);
      return mapLimited(shards, SHARDS_AT_ONCE, async (shard): Promise<ShardProgress> => {
        const name = shard.ShardId ?? "";
        const position = byShard.get(name);
        const isPast = position !== undefined && position.time > instant + 1_000;
        const look: ShardLook = isPast
          ? { kind: "record", time: position.time }
          : await lookAt({ streams, streamArn, shard, position, now }, fromOldest);
        return { shard: name, position, look };
      });
    },
    firstAfter: async (instant) => {
      const times = await firstUnreadTimes(streams, streamArn, () => ({ newerThan: instant }));
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

interface LookAt {
  readonly streams: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly shard: Shard;
  readonly position: SourcePosition | undefined;
  readonly now: Clock;
}

async function lookAt(where: LookAt, fromOldest: boolean): Promise<ShardLook> {
  const { shard, position, now } = where;
  const end = shard.SequenceNumberRange?.EndingSequenceNumber;
  const at = now();
  if (position !== undefined && end !== undefined && BigInt(position.sequence) >= BigInt(end)) {
    return { kind: "empty", at: Number.POSITIVE_INFINITY };
  }
  try {
    return await readNext(where, position, at);
  } catch (cause) {
    if (!(cause instanceof TrimmedDataAccessException)) throw cause;
    return fromOldest ? readNext(where, undefined, at) : { kind: "trimmed" };
  }
}

async function readNext(
  { streams, streamArn, shard }: LookAt,
  position: SourcePosition | undefined,
  at: number,
): Promise<ShardLook> {
  const isOpen = shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shard.ShardId ?? "",
      ...(position === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position.sequence }),
    }),
  );
  let iterator = ShardIterator;
  for (
    let page = 0;
    iterator !== undefined && page < (isOpen ? MAXIMUM_EMPTY_PAGES : MAXIMUM_PAGES);
    page += 1
  ) {
    const answer = await streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1 }));
    const [record] = answer.Records ?? [];
    if (record !== undefined) return toLook(record.dynamodb?.ApproximateCreationDateTime);
    iterator = answer.NextShardIterator;
  }
  // A closed shard that ended without a record never gets another one.
  return { kind: "empty", at: iterator === undefined ? Number.POSITIVE_INFINITY : at };
}

function toLook(created: Date | undefined): ShardLook {
  return created === undefined ? { kind: "unknown" } : { kind: "record", time: created.getTime() };
}
