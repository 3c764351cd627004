import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";

/**
 * A stream of two open shards, `old` and `new`, a record each.
 *
 * @param old - when its record was made, epoch milliseconds
 * @returns the stream, and how its shards were opened
 */
export function makeTwoShardStream(old: number, newest: number) {
  const asked: string[] = [];
  const streams = new DynamoDBStreamsClient({ region: "us-east-1" });
  streams.send = async (command: object) => {
    if (command instanceof DescribeStreamCommand)
      return { StreamDescription: { Shards: [{ ShardId: "old" }, { ShardId: "new" }] } };
    if (command instanceof GetShardIteratorCommand) {
      asked.push(`${command.input.ShardId} ${command.input.ShardIteratorType}`);
      return { ShardIterator: command.input.ShardId };
    }
    if (!(command instanceof GetRecordsCommand)) throw new TypeError("another call");
    const time = command.input.ShardIterator === "new" ? newest : old;
    return { Records: [{ dynamodb: { ApproximateCreationDateTime: new Date(time) } }] };
  };
  return { streams, asked };
}
