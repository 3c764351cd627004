import type { DynamoDbStreams, ShardPage } from "../../../../local/stand-ins/dynamodb-streams.ts";
import { markStream, readChanges } from "../../../../local/stand-ins/table-export/change-history.ts";

/** A stream whose shards are listed as given and whose pages are made by iterator. */
function makeStreams(shards: string[], readPage: (iterator: string) => ShardPage): DynamoDbStreams {
  return {
    listShards: async () => shards.map((id) => ({ id, parent: undefined, closed: false })),
    openShard: async (_, id, { kind }) => ({ kind: "opened", iterator: `${id} ${kind}` }),
    readPage: async (iterator) => readPage(iterator),
  };
}

function pageOf(sequenceNumber: string, seconds: number, next: string | undefined): ShardPage {
  const dynamodb = {
    ApproximateCreationDateTime: seconds,
    SequenceNumber: sequenceNumber,
    Keys: {},
  };
  return { kind: "page", records: [{ eventName: "INSERT", dynamodb }], next };
}

async function read(
  streams: DynamoDbStreams,
  at: "beginning" | "end",
  listed: string[],
  later: string[] = [],
) {
  const mark = await markStream(streams, "stream", at);
  listed.push(...later);
  const numbers: string[] = [];
  for await (const records of readChanges(streams, mark, 100)) {
    numbers.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber));
  }
  return numbers;
}

describe("the changes since a mark", () => {
  it("end, however fast the stream is written to", async () => {
    let time = 95;
    const streams = makeStreams(["a"], () => {
      time += 1;
      return pageOf(`${time}`, time, "on");
    });
    expect(await read(streams, "end", ["a"])).toEqual(["96", "97", "98", "99", "100", "101"]);
  });

  it("hold all of the shards that were made since", async () => {
    const shards = ["a"];
    const streams = makeStreams(shards, (iterator) => pageOf(iterator, 1, undefined));
    expect(await read(streams, "end", shards, ["b"])).toEqual(["a end", "b oldest"]);
  });

  it("cannot be told once the mark has expired", async () => {
    const streams = makeStreams(["a"], () => ({ kind: "expired" }));
    await expect(read(streams, "beginning", [])).rejects.toThrow("EXPORT_FAILED");
  });
});
