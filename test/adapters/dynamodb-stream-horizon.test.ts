import { makeDynamoDbStreamHorizon } from "../../adapters/dynamodb-stream-horizon.ts";
import { makeTwoShardStream } from "../support/two-shard-stream.ts";

const firstAfter = (instant: number) => {
  const { streams } = makeTwoShardStream(1_000, 5_000);
  return makeDynamoDbStreamHorizon(streams, "stream", Date.now).firstAfter(instant);
};

describe("the oldest change after an instant", () => {
  it("is the oldest of all shards", async () => {
    expect(await firstAfter(999)).toBe(1_000);
    expect(await firstAfter(1_000)).toBe(5_000);
  });

  it("is none where the stream holds only what is older", async () => {
    expect(await firstAfter(5_000)).toBeUndefined();
  });
});
