import { makeDynamoDbStreams } from "../../../local/stand-ins/dynamodb-streams.ts";
import type { ActionAnswer, Emulator } from "../../../local/stand-ins/emulator.ts";

/** Streams of an emulator that gives these answers, one after the other. */
function answering(...answers: readonly ActionAnswer[]) {
  let call = 0;
  const emulator: Emulator = {
    call: async () => answers[call++] ?? { kind: "refused", type: "None", message: "" },
    send: () => Promise.reject(new Error("not sent")),
  };
  return makeDynamoDbStreams(emulator);
}

function done(output: unknown): ActionAnswer {
  return { kind: "done", output };
}

function refused(type: string): ActionAnswer {
  return { kind: "refused", type, message: "no" };
}

describe("a DynamoDB stream", () => {
  it("has its shards from all pages, parents first", async () => {
    const shard = (ShardId: string, ParentShardId?: string) => ({ ShardId, ParentShardId });
    const closed = { ...shard("shardId-1"), SequenceNumberRange: { EndingSequenceNumber: "9" } };
    const streams = answering(
      done({
        StreamDescription: { Shards: [shard("shardId-2", "shardId-1")], LastEvaluatedShardId: "shardId-2" },
      }),
      done({ StreamDescription: { Shards: [closed] } }),
    );
    expect(await streams.listShards("stream")).toEqual([
      { id: "shardId-1", parent: undefined, closed: true },
      { id: "shardId-2", parent: "shardId-1", closed: false },
    ]);
  });

  it("gives records as they came, whatever their attributes are called", async () => {
    const image = '{"__proto__":{"S":"a"},"constructor":{"N":"1.50"}}';
    const dynamodb = `{"ApproximateCreationDateTime":1,"SequenceNumber":"7","Keys":${image},"NewImage":${image}}`;
    const page = `{"Records":[{"eventName":"INSERT","dynamodb":${dynamodb},"more":{"a":1}}]}`;
    const read = await answering(done(JSON.parse(page))).readPage("iterator", 10);
    expect(read.kind === "page" && JSON.stringify({ Records: read.records })).toBe(page);
  });

  it("says that an iterator expired, or that records are trimmed, and fails for anything else", async () => {
    const streams = answering(
      refused("ExpiredIteratorException"),
      refused("TrimmedDataAccessException"),
      refused("TrimmedDataAccessException"),
      refused("ResourceNotFoundException"),
      done({ Records: [{}] }),
    );
    expect(await streams.readPage("iterator", 1)).toEqual({ kind: "expired" });
    expect(await streams.readPage("iterator", 1)).toEqual({ kind: "trimmed" });
    expect(await streams.openShard("stream", "shard", { kind: "oldest" })).toEqual({ kind: "trimmed" });
    await expect(streams.readPage("iterator", 1)).rejects.toThrow("ENGINE_FAILED");
    await expect(streams.readPage("iterator", 1)).rejects.toThrow("ENGINE_FAILED");
  });
});
