import type { DynamoDbStreams, StreamShard } from "../../../../local/stand-ins/dynamodb-streams.ts";
import { makeMappings } from "../../../../local/stand-ins/stream-mapping/mappings.ts";
import { isReadable } from "../../../../local/stand-ins/stream-mapping/run-mapping.ts";
import { STREAM } from "./shard-fixtures.ts";

const DECLARED = { EventSourceArn: STREAM, FunctionName: "consumer", StartingPosition: "TRIM_HORIZON" };

/** A stream of one open shard with one record, and a function that returns when it is told to. */
function makeWorld() {
  const invoked: string[] = [];
  const waiting: (() => void)[] = [];
  const record = {
    eventName: "INSERT" as const,
    dynamodb: { ApproximateCreationDateTime: Date.now() / 1000, SequenceNumber: "1", Keys: {}, NewImage: {} },
  };
  const streams: DynamoDbStreams = {
    listShards: async () => [{ id: "shard", parent: undefined, closed: false }],
    openShard: async () => ({ kind: "opened", iterator: "0" }),
    readPage: async (iterator) => ({ kind: "page", records: iterator === "0" ? [record] : [], next: "1" }),
  };
  const mappings = makeMappings({
    streams,
    invoke: (functionName) => {
      invoked.push(functionName);
      return new Promise((resolve) => {
        waiting.push(() => resolve({ kind: "returned", payload: "null" }));
      });
    },
    sendFailure: async () => {},
    now: Date.now,
  });
  const invocation = async () => {
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return waiting.shift();
  };
  return { invoked, mappings, invocation };
}

describe("a stream mapping that is stopped", () => {
  it("answers only when its invocation is over", async () => {
    const { mappings, invocation } = makeWorld();
    await mappings.put("orders", DECLARED);
    const finish = await invocation();
    let stopped = false;
    const removal = mappings.remove("orders").then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    finish?.();
    await removal;
    expect(mappings.list()).toEqual([]);
    await mappings.remove("orders");
  });
});

describe("a stream mapping that is declared anew", () => {
  it("keeps its position, and begins again only with another starting position", async () => {
    const { invoked, mappings, invocation } = makeWorld();
    await mappings.put("orders", DECLARED);
    (await invocation())?.();
    const changed = await mappings.put("orders", { ...DECLARED, FunctionName: "other", Enabled: false });
    expect(changed).toMatchObject({ functionName: "other", state: "Disabled" });
    expect(mappings.list()).toHaveLength(1);
    await mappings.put("orders", { ...DECLARED, FunctionName: "other", StartingPosition: "LATEST" });
    (await invocation())?.();
    expect(invoked).toEqual(["consumer", "other"]);
    await mappings.removeAll();
  });

  it("is left as it is when the new declaration is refused", async () => {
    const { mappings, invocation } = makeWorld();
    await mappings.put("orders", DECLARED);
    (await invocation())?.();
    await expect(mappings.put("orders", { ...DECLARED, FilterCriteria: {} })).rejects.toThrow(
      "FilterCriteria",
    );
    expect(mappings.list()).toMatchObject([{ name: "orders", functionName: "consumer", state: "Enabled" }]);
    await mappings.removeAll();
  });
});

describe("a shard", () => {
  const shard = (id: string, parent?: string): StreamShard => ({ id, parent, closed: false });

  it("is read after its parent, or at once when nobody knows the parent any more", () => {
    const all = [shard("parent"), shard("child", "parent"), shard("orphan", "trimmed")];
    const ended = new Set<string>();
    const readable = () =>
      all.filter((one) => isReadable(one, all, (id) => ended.has(id))).map(({ id }) => id);
    expect(readable()).toEqual(["parent", "orphan"]);
    ended.add("parent");
    expect(readable()).toEqual(["parent", "child", "orphan"]);
  });
});
