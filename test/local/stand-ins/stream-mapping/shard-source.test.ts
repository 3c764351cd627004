import type { DynamoDbStreams, ShardPage, ShardStart } from "../../../../local/stand-ins/dynamodb-streams.ts";
import { makeShardSource } from "../../../../local/stand-ins/stream-mapping/shard-source.ts";
import { numbersOf, STREAM } from "./shard-fixtures.ts";

/** A shard whose pages are as scripted, and that notes where it was opened. */
function scripted(pages: readonly ShardPage[], trimmedBefore = 0) {
  const opened: ShardStart[] = [];
  let page = 0;
  const streams: DynamoDbStreams = {
    listShards: async () => [],
    openShard: async (_, __, start) => {
      opened.push(start);
      return opened.length <= trimmedBefore ? { kind: "trimmed" } : { kind: "opened", iterator: "first" };
    },
    readPage: async () => pages[page++] ?? { kind: "page", records: [], next: "on" },
  };
  return { opened, streams };
}

function pageOf(numbers: readonly number[], next: string | undefined): ShardPage {
  const records = numbers.map((number) => ({
    eventName: "REMOVE" as const,
    dynamodb: { ApproximateCreationDateTime: 1_000, SequenceNumber: String(number), Keys: {} },
  }));
  return { kind: "page", records, next };
}

describe("a shard's source", () => {
  it("goes on after the last record it read when its iterator expired", async () => {
    const { opened, streams } = scripted([pageOf([1, 2], "on"), { kind: "expired" }, pageOf([3], "on")]);
    const source = makeShardSource(streams, STREAM, "shard", { kind: "oldest" });
    const read: number[] = [];
    for (let call = 0; call < 3; call += 1) read.push(...numbersOf((await source.read(10)).records));
    expect(read).toEqual([1, 2, 3]);
    expect(opened).toEqual([{ kind: "oldest" }, { kind: "after", sequenceNumber: "2" }]);
  });

  it("goes on at the oldest record there is when the next one is trimmed", async () => {
    const { opened, streams } = scripted([pageOf([1], "on"), { kind: "trimmed" }, pageOf([9], "on")]);
    const source = makeShardSource(streams, STREAM, "shard", { kind: "end" });
    for (let call = 0; call < 3; call += 1) await source.read(10);
    expect(opened).toEqual([{ kind: "end" }, { kind: "oldest" }]);
    const atOnce = scripted([pageOf([9], "on")], 1);
    const late = makeShardSource(atOnce.streams, STREAM, "shard", { kind: "after", sequenceNumber: "1" });
    expect(await late.read(10)).toEqual({ records: [], ended: false });
    expect(numbersOf((await late.read(10)).records)).toEqual([9]);
  });

  it("tells that the shard has ended with its last page", async () => {
    const { streams } = scripted([pageOf([1], undefined)]);
    expect(await makeShardSource(streams, STREAM, "shard", { kind: "oldest" }).read(10)).toMatchObject({
      ended: true,
    });
  });
});
