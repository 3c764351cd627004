import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { pipelinePatienceMillis } from "../core/horizon.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { LagReader } from "../core/ports/lag-reader.ts";
import type { PositionReader } from "../core/ports/position-reader.ts";
import { requireDynamoDb } from "../core/source-descriptor.ts";
import type { GenerationDescriptor, ManagedGeneration } from "../core/table-descriptor.ts";
import { firstUnreadTimes, type PassedOf } from "./first-unread-times.ts";

export interface StreamLagDeps {
  readonly streams: DynamoDBStreamsClient;
  readonly positions: PositionReader;
  /** The newest change a managed pipeline has sent, epoch milliseconds; undefined when it has sent none. */
  readonly sentUntilOf: (generation: ManagedGeneration) => Promise<number | undefined>;
  readonly now: Clock;
  /** Told why a lag is not known. */
  readonly onUnknown: (cause: unknown) => void;
}

/**
 * Measures lag from the stream itself: the age of the oldest record no manifest position has passed.
 *
 * What the stream holds is looked up shard by shard, one record each, so an idle stream gives 0 and a
 * consumer that never began gives the age of the first change it has not read. A stream that cannot be read
 * gives no number. Where positions name no shard (Lambda's event has none) the newest one stands for all
 * shards: one shard that is stuck beside others that move shows in the audit and the age alarm, not here.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
export function makeDynamodbStreamLag({
  streams,
  positions,
  sentUntilOf,
  now,
  onUnknown,
}: StreamLagDeps): LagReader {
  /** @returns undefined for a pipeline that may not have told yet what it sent last */
  const readPassed = async (
    descriptor: GenerationDescriptor,
    loadedUntil: number,
  ): Promise<PassedOf | undefined> => {
    if (descriptor.mode === "managed") {
      const newerThan = Math.max(loadedUntil, (await sentUntilOf(descriptor)) ?? 0);
      const isSilent = now() - newerThan >= pipelinePatienceMillis(descriptor.pipeline.collectSeconds * 1000);
      return isSilent ? () => ({ newerThan }) : undefined;
    }
    const passed = await positions.positions(descriptor.generation, descriptor.indexUuid);
    const byShard = new Map(passed.map((position) => [position.shard, position]));
    return (shardId) => byShard.get(shardId);
  };
  return {
    lagSeconds: async (table, descriptor, loadedUntil) => {
      try {
        const passedOf = await readPassed(descriptor, loadedUntil);
        if (passedOf === undefined) return 0;
        const { streamArn } = requireDynamoDb(table.source);
        const unread = await firstUnreadTimes(streams, streamArn, passedOf);
        if (unread.length === 0) return 0;
        return Math.max(0, Math.floor((now() - Math.min(...unread)) / 1000));
      } catch (cause) {
        onUnknown(cause);
        return undefined;
      }
    },
  };
}
