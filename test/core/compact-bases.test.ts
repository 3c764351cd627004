import { compactBases, needsMajorCompaction } from "../../core/compact-bases.ts";
import { compactAll } from "../../core/compact-segments.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { type ManifestPointer, readPointer } from "../../core/manifest-pointer.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { makeEntry, segmentText } from "../support/manifest-entries.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const FOLDER = "manifest/g/u/";
/** More than two passes of eight. */
const BUCKETS = 20;
let names = 0;

function place(store: MemoryObjects) {
  return { store, folder: FOLDER, buckets: BUCKETS, newName: () => `name-${++names}` };
}

async function putRun(store: MemoryObjects, entries: readonly ManifestEntry[]): Promise<void> {
  await store.writeText(`${FOLDER}segments/h/${++names}-stream-x.gz`, segmentText(entries));
  await compactAll(place(store), () => true);
}

async function readIds(store: MemoryObjects): Promise<string[]> {
  const ids: string[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    ids.push(...[...(await readBucket(store, FOLDER, BUCKETS, bucket))].map(({ id }) => id));
  }
  return ids.sort();
}

const pointerOf = async (store: MemoryObjects) => (await readPointer(store, FOLDER, BUCKETS)).pointer;
const manyEntries = Array.from({ length: 60 }, (_, seqNo) => makeEntry({ id: `id-${seqNo}`, seqNo }));
const manyIds = manyEntries.map(({ id }) => id).sort();

function pointerWith(runBytes: readonly number[], baseBytes: readonly (number | null)[]): ManifestPointer {
  return {
    buckets: baseBytes.length,
    nextRun: runBytes.length + 1,
    positions: [],
    runs: runBytes.map((bytes, at) => ({ key: `run-${at}`, offsets: [0, bytes], number: at + 1, bytes })),
    bases: baseBytes.map((bytes, at) =>
      bytes === null ? null : { key: `base-${at}`, bytes, throughRun: 0 },
    ),
  };
}

describe("a major compaction", () => {
  it.each([
    ["nothing was ever written", [], [null, null], false],
    ["there is one run, however large", [1_000], [null, null], false],
    ["two runs are over half as large as the bases", [30, 31], [60, 60], true],
    ["two runs are half as large as the bases", [30, 30], [60, 60], false],
    ["two runs stand beside no base at all", [1, 1], [null, null], true],
    ["twelve small runs wait", Array(12).fill(1), [9_000, null], false],
    ["thirteen small runs wait", Array(13).fill(1), [9_000, null], true],
  ])("where %s", (_what, runBytes, baseBytes, needed) => {
    expect(needsMajorCompaction(pointerWith(runBytes, baseBytes))).toBe(needed);
  });

  it("folds every bucket in passes of eight, and only then lets go of the run", async () => {
    const store = new MemoryObjects();
    await putRun(store, manyEntries);
    const seen: number[] = [];
    let passes = 0;
    const counting = store.through(async () => {});
    counting.replace = async (key, text, tag) => {
      const published: ManifestPointer = JSON.parse(text);
      seen.push(published.runs.length);
      passes += 1;
      return store.replace(key, text, tag);
    };
    expect(await compactBases(place(counting), 0, () => true)).toBe(true);
    expect([passes, seen]).toEqual([3, [1, 1, 0]]);
    expect(await readIds(store)).toEqual(manyIds);
  });

  it("says that it is not done when it is stopped half-way, loses nothing, and goes on from there", async () => {
    const store = new MemoryObjects();
    await putRun(store, manyEntries);
    expect(await compactBases(place(store), 0, () => false)).toBe(false);
    const half = await pointerOf(store);
    expect(half.bases.filter((base) => base !== null)).toHaveLength(8);
    expect(half.runs).toHaveLength(1);
    expect(await readIds(store)).toEqual(manyIds);
    const kept = half.bases.slice(0, 8);
    expect(await compactBases(place(store), 0, () => true)).toBe(true);
    const whole = await pointerOf(store);
    expect(whole.bases.slice(0, 8)).toEqual(kept);
    expect(whole.runs).toEqual([]);
    expect(await readIds(store)).toEqual(manyIds);
  });

  it("gives way to a faster one and leaves nothing of its own behind", async () => {
    const store = new MemoryObjects();
    await putRun(store, [makeEntry({ id: "a" })]);
    const slow = store.through(async () => {});
    slow.replace = async () => {
      await compactBases(place(store), 0, () => true);
      return false;
    };
    expect(await compactBases(place(slow), 0, () => true)).toBe(false);
    const { bases } = await pointerOf(store);
    const named = bases.map((base) => base?.key ?? "");
    expect([...store.objects.keys()].sort()).toEqual([`${FOLDER}pointer.json`, ...named].sort());
    expect(await readIds(store)).toEqual(["a"]);
  });

  it("gives way when a run it was told of is gone already", async () => {
    const store = new MemoryObjects();
    await putRun(store, manyEntries);
    const slow = store.through(async () => {});
    slow.readPart = async (key, start, end) => {
      if (store.objects.has(key)) await compactBases(place(store), 0, () => true);
      return store.readPart(key, start, end);
    };
    expect(await compactBases(place(slow), 0, () => true)).toBe(false);
    expect(await readIds(store)).toEqual(manyIds);
  });

  it("forgets purges and announcements of before the horizon only, and no tombstone", async () => {
    const store = new MemoryObjects();
    const old = { sourceTime: 99, fingerprint: "" } as const;
    await putRun(store, [
      makeEntry({ id: "purged", state: "purged", ...old }),
      makeEntry({ id: "announced", state: "announced", seqNo: 0, primaryTerm: 0, ...old }),
      makeEntry({ id: "at the horizon", state: "announced", ...old, sourceTime: 100 }),
      makeEntry({ id: "deleted", state: "deleted", ...old }),
      makeEntry({ id: "omitted", state: "omitted", ...old }),
      makeEntry({ id: "present", sourceTime: 99 }),
    ]);
    await compactBases(place(store), 100, () => true);
    expect(await readIds(store)).toEqual(["at the horizon", "deleted", "omitted", "present"]);
  });
});
