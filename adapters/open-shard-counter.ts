import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { Fact } from "../core/check/fact.ts";
import { listShards } from "./list-shards.ts";
import { readFact } from "./read-fact.ts";

/** Counts the shards of a stream that are still written. */
export type CountOpenShards = (streamArn: string) => Promise<Fact<number>>;

/** A shard without an ending sequence number is open. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_SequenceNumberRange.html */
export function makeOpenShardCounter(client: DynamoDBStreamsClient): CountOpenShards {
  const question = { permission: "dynamodb:DescribeStream", absent: ["ResourceNotFoundException"] };
  return (streamArn) =>
    readFact(question, async () => {
      const shards = await listShards(client, streamArn);
      return shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined).length;
    });
}
