import type { SourcePosition } from "../../core/manifest-entry.ts";
import { makeSentUntil, PIPELINE_SHARD } from "../../core/sent-until.ts";
import type { ManagedGeneration } from "../../core/table-descriptor.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const GENERATION: ManagedGeneration = {
  generation: "orders-managed-1",
  mode: "managed",
  revision: 1,
  index: "orders-managed-1",
  writeAlias: "orders-managed-1-write",
  indexUuid: "uuid",
  transformHash: "identity",
  reindexQueueUrl: "q",
  deadLetterQueueUrl: "d",
  buildStateMachine: "b",
  pipeline: { name: "shop", collectSeconds: 30 },
};
const lineOf = (time: number) =>
  `{"_trueup_id":"a","_trueup_version":${time}000,"_trueup_action":"index","_trueup_time":${time}}\n`;

/** @param files - the text of each file that waits, the oldest first */
async function newest(folded: readonly SourcePosition[], ...files: readonly string[]) {
  const store = new MemoryObjects();
  for (const [place, text] of files.entries()) {
    await store.writeText(`manifest/orders-managed-1/uuid/sent/${place}.ndjson.gz`, text);
  }
  await store.writeText("manifest/orders-managed-1/uuid/segments/x.gz", "no file of a pipeline");
  return makeSentUntil(store, { positions: async () => folded })(GENERATION);
}
const position = (time: number, shard = PIPELINE_SHARD) => ({ shard, sequence: "1", time });

describe("how far a pipeline has sent", () => {
  it("is not known where nothing was sent", async () => {
    expect(await newest([])).toBeUndefined();
    expect(await newest([position(5_000, "shardId-1")])).toBeUndefined();
    expect(await newest([], "")).toBeUndefined();
  });

  it("is the newest change that the manifest has taken in", async () => {
    expect(await newest([position(5_000)])).toBe(5_000);
  });

  it("is the last line of the last file that waits", async () => {
    expect(await newest([], lineOf(9_000), lineOf(6_000) + lineOf(7_000))).toBe(7_000);
    expect(await newest([position(5_000)], lineOf(7_000))).toBe(7_000);
  });

  it("never falls behind what the manifest knows", async () => {
    expect(await newest([position(8_000)], lineOf(7_000))).toBe(8_000);
  });

  it("makes do with the manifest where the file was taken in meanwhile", async () => {
    const store = new MemoryObjects();
    const list = async () => [{ key: "manifest/orders-managed-1/uuid/sent/gone", bytes: 1 }];
    const gone = Object.assign(store, { list });
    const read = makeSentUntil(gone, { positions: async () => [position(5_000)] });
    expect(await read(GENERATION)).toBe(5_000);
  });
});
