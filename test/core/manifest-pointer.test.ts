import fc from "fast-check";
import type { SourcePosition } from "../../core/manifest-entry.ts";
import {
  type ManifestPointer,
  mergePositions,
  publishPointer,
  readPointer,
} from "../../core/manifest-pointer.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const FOLDER = "manifest/g/u/";
const DAY = 24 * 60 * 60 * 1000;

describe("a manifest's pointer", () => {
  it("is empty, and replaces nothing, where none was published yet", async () => {
    const { pointer, tag } = await readPointer(new MemoryObjects(), FOLDER, 3);
    expect(pointer).toEqual({ buckets: 3, nextRun: 1, positions: [], runs: [], bases: [null, null, null] });
    expect(tag).toBeUndefined();
  });

  it("is read as it was published, whatever number of buckets the reader would begin with", async () => {
    const store = new MemoryObjects();
    const { pointer, tag } = await readPointer(store, FOLDER, 2);
    expect(
      await publishPointer(store, FOLDER, { pointer: { ...pointer, nextRun: 4 }, tag }, () => false),
    ).toBe(true);
    expect((await readPointer(store, FOLDER, 64)).pointer).toEqual({ ...pointer, nextRun: 4 });
  });

  it("moves on for one of two publishers only, and the other is told so", async () => {
    const store = new MemoryObjects();
    const before = await readPointer(store, FOLDER, 1);
    const publish = (nextRun: number) =>
      publishPointer(store, FOLDER, { ...before, pointer: { ...before.pointer, nextRun } }, () => false);
    expect([await publish(2), await publish(3)]).toEqual([true, false]);
    expect((await readPointer(store, FOLDER, 1)).pointer.nextRun).toBe(2);
  });

  it("knows its own publication again where the answer to it was lost, and no other", async () => {
    const store = new MemoryObjects();
    const before = await readPointer(store, FOLDER, 1);
    store.replace = async () => false;
    const isOurs = ({ nextRun }: ManifestPointer) => nextRun === 5;
    await store.writeText(`${FOLDER}pointer.json`, JSON.stringify({ ...before.pointer, nextRun: 5 }));
    expect(await publishPointer(store, FOLDER, before, isOurs)).toBe(true);
    await store.writeText(`${FOLDER}pointer.json`, JSON.stringify({ ...before.pointer, nextRun: 6 }));
    expect(await publishPointer(store, FOLDER, before, isOurs)).toBe(false);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", "null"],
    ["another object", "{}"],
    ["a pointer whose bases do not fit its buckets", '{"buckets":2,"bases":[null],"runs":[]}'],
    ["a pointer without runs", '{"buckets":1,"bases":[null]}'],
  ])("is refused where it is %s, rather than taken for an empty manifest", async (_what, text) => {
    const store = new MemoryObjects();
    await store.writeText(`${FOLDER}pointer.json`, text);
    await expect(readPointer(store, FOLDER, 1)).rejects.toThrow(
      /^MANIFEST_CORRUPT.*manifest\/g\/u\/pointer.json/,
    );
  });
});

describe("mergePositions", () => {
  const position: fc.Arbitrary<SourcePosition> = fc.record({
    shard: fc.constantFrom("shard-1", "shard-2", "shard-3"),
    // Sequence numbers are longer than a number holds, and of different lengths.
    sequence: fc.bigInt({ min: 1n, max: 10n ** 21n }).map(String),
    time: fc.nat({ max: 20 }).map((days) => days * DAY),
  });
  const positions = fc.array(position, { maxLength: 8 });
  // One position of one shard is one record, made at one time.
  const consistent = positions.map((all) => [
    ...new Map(all.map((one) => [`${one.shard} ${one.sequence}`, one])).values(),
  ]);

  it("keeps the newest of each shard by all digits of its number, in order of the shards", () => {
    const at = (shard: string, sequence: string) => ({ shard, sequence, time: 0 });
    const long = "9007199254740993";
    expect(
      mergePositions([at("b", "10"), at("b", "9"), at("a", "9007199254740992"), at("a", long), at("c", "1")]),
    ).toEqual([at("a", long), at("b", "10"), at("c", "1")]);
    expect(mergePositions([])).toEqual([]);
  });

  it("keeps a partition of a topic for good, which stays however long nothing comes", () => {
    const idle = { shard: "trueup-dev-shop.public.orders-0", sequence: "7", time: 0 };
    const busy = { shard: "trueup-dev-shop.public.orders-1", sequence: "9", time: 30 * DAY };
    expect(mergePositions([busy, idle])).toEqual([idle, busy]);
  });

  it("forgets shards that ended over eight days before the newest, and no other", () => {
    fc.assert(
      fc.property(consistent, (all) => {
        const merged = mergePositions(all);
        const newest = ["shard-1", "shard-2", "shard-3"].flatMap((shard) => {
          const own = all.filter((one) => one.shard === shard);
          return own
            .toSorted((left, right) => (BigInt(left.sequence) > BigInt(right.sequence) ? -1 : 1))
            .slice(0, 1);
        });
        const latest = Math.max(...newest.map(({ time }) => time));
        expect(merged).toEqual(newest.filter(({ time }) => time >= latest - 8 * DAY));
      }),
    );
  });

  it("gives the same whatever order the positions come in, and however often", () => {
    fc.assert(
      fc.property(consistent, (all) => {
        expect(mergePositions(all.toReversed())).toEqual(mergePositions(all));
        expect(mergePositions([...all, ...all])).toEqual(mergePositions(all));
        expect(mergePositions(mergePositions(all))).toEqual(mergePositions(all));
      }),
    );
  });
});
