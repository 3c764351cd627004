import { compactAll, compactSegments } from "../../core/compact-segments.ts";
import { readPointer } from "../../core/manifest-pointer.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { makeEntry, segmentText } from "../support/manifest-entries.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const FOLDER = "manifest/g/u/";
const MEBIBYTE = 1024 * 1024;
let names = 0;

function place(store: MemoryObjects) {
  return { store, folder: FOLDER, buckets: 1, newName: () => `name-${++names}` };
}

const keyOf = (number: number) => `${FOLDER}segments/h/${String(number).padStart(6, "0")}-stream-x.gz`;

async function put(store: MemoryObjects, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const entry = makeEntry({ id: `id-${number}`, seqNo: number });
    const position = { shard: "s", sequence: String(number), time: number };
    await store.writeText(keyOf(number), segmentText([entry], [position]));
  }
}

/** The same objects, listed as if each segment were that large. */
function sized(store: MemoryObjects, bytes: number): MemoryObjects {
  const view = store.through(async () => {});
  view.list = async (prefix, limit) => (await store.list(prefix, limit)).map(({ key }) => ({ key, bytes }));
  return view;
}

const segmentsOf = (store: MemoryObjects) =>
  [...store.objects.keys()].filter((key) => key.includes("segments/"));
const idsOf = async (store: MemoryObjects) =>
  [...(await readBucket(store, FOLDER, 1, 0))].map(({ id }) => id);

describe("a minor compaction", () => {
  it("has nothing to do where no segment waits, and writes nothing", async () => {
    const store = new MemoryObjects();
    expect(await compactSegments(place(store))).toBe("nothing");
    expect(await compactAll(place(store), () => false)).toBe(true);
    expect(store.objects.size).toBe(0);
  });

  it("takes as many segments as fit its memory, and leaves the others for the next pass", async () => {
    const store = new MemoryObjects();
    await put(store, 5);
    const large = sized(store, 10 * MEBIBYTE);
    expect(await compactSegments(place(large))).toBe("some");
    expect(segmentsOf(store)).toEqual([keyOf(2), keyOf(3), keyOf(4)]);
    expect(await idsOf(store)).toEqual(["id-0", "id-1"]);
    expect(await compactSegments(place(large))).toBe("some");
    expect(await compactSegments(place(large))).toBe("all");
    expect((await idsOf(store)).sort()).toEqual(["id-0", "id-1", "id-2", "id-3", "id-4"]);
  });

  it("takes a segment that is too large alone all the same, or it would stand still", async () => {
    const store = new MemoryObjects();
    await put(store, 2);
    expect(await compactSegments(place(sized(store, 100 * MEBIBYTE)))).toBe("some");
    expect(segmentsOf(store)).toEqual([keyOf(1)]);
  });

  it("does not say that it is done where the listing was cut off", async () => {
    const store = new MemoryObjects();
    await put(store, 5_001);
    expect(await compactSegments(place(store))).toBe("some");
    expect(segmentsOf(store)).toEqual([keyOf(5_000)]);
    expect(await compactSegments(place(store))).toBe("all");
    expect(await idsOf(store)).toHaveLength(5_001);
  });

  it("stops between passes when it is told to, and says that it is not done", async () => {
    const store = new MemoryObjects();
    await put(store, 4);
    let asked = 0;
    const once = () => {
      asked += 1;
      return asked < 2;
    };
    expect(await compactAll(place(sized(store, 20 * MEBIBYTE)), once)).toBe(false);
    expect(segmentsOf(store)).toEqual([keyOf(2), keyOf(3)]);
  });

  it("tries again after it lost to another compactor, until all is folded", async () => {
    const store = new MemoryObjects();
    await put(store, 1);
    let refusals = 0;
    const refusing = store.through(async () => {});
    refusing.replace = async (key, text, tag) => {
      refusals += 1;
      return refusals > 2 && store.replace(key, text, tag);
    };
    expect(await compactAll(place(refusing), () => true)).toBe(true);
    expect(await idsOf(store)).toEqual(["id-0"]);
    expect([...store.objects.keys()].filter((key) => key.includes("runs/"))).toHaveLength(1);
  });

  it("moves the positions on without a run where segments carry nothing else", async () => {
    const store = new MemoryObjects();
    const position = { shard: "s", sequence: "7", time: 70 };
    await store.writeText(keyOf(0), segmentText([], [position]));
    expect(await compactSegments(place(store))).toBe("all");
    const { pointer } = await readPointer(store, FOLDER, 1);
    expect(pointer).toEqual({ buckets: 1, nextRun: 2, positions: [position], runs: [], bases: [null] });
    expect([...store.objects.keys()]).toEqual([`${FOLDER}pointer.json`]);
  });

  it("keeps to the number of buckets a manifest was begun with", async () => {
    const store = new MemoryObjects();
    await put(store, 1);
    await compactSegments(place(store));
    await put(store, 2);
    await compactSegments({ ...place(store), buckets: 64 });
    const { pointer } = await readPointer(store, FOLDER, 64);
    expect(pointer.buckets).toBe(1);
    expect(pointer.runs.map(({ offsets }) => offsets.length)).toEqual([2, 2]);
    expect(pointer.runs.map(({ number }) => number)).toEqual([1, 2]);
  });
});
