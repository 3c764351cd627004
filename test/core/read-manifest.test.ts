import { compactBases } from "../../core/compact-bases.ts";
import { compactSegments } from "../../core/compact-segments.ts";
import { toExternalVersion } from "../../core/external-version.ts";
import { makePositionReader, makeRecordDocuments, readBucket } from "../../core/read-manifest.ts";
import { makeEntry, segmentText } from "../support/manifest-entries.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const FOLDER = "manifest/g/u/";
const PLACE = { generation: "g", indexUuid: "u" };
let names = 0;

const placeOf = (store: MemoryObjects) => ({
  store,
  folder: FOLDER,
  buckets: 1,
  newName: () => `name-${++names}`,
});

async function put(store: MemoryObjects, text: string, origin = "stream"): Promise<void> {
  await store.writeText(`${FOLDER}segments/h/${++names}-${origin}-x.gz`, text);
}

const position = (sequence: string) => ({ shard: "s", sequence, time: 1 });
const list = async (store: MemoryObjects) => (await makeRecordDocuments(store, PLACE).list(["r"]))[0] ?? [];

/** A store in which a compaction happens right after the first call of one method. */
function interrupted(store: MemoryObjects, method: "list" | "readPart", compact: () => Promise<unknown>) {
  const view = store.through(async () => {});
  let waiting = true;
  const once = async () => {
    if (!waiting) return;
    waiting = false;
    await compact();
  };
  if (method === "list") {
    view.list = async (prefix, limit) => {
      const listed = await store.list(prefix, limit);
      await once();
      return listed;
    };
  } else {
    view.readPart = async (key, start, end) => {
      await once();
      return store.readPart(key, start, end);
    };
  }
  return view;
}

describe("reading a manifest", () => {
  it("knows nothing of one that was never written", async () => {
    const store = new MemoryObjects();
    expect([...(await readBucket(store, FOLDER, 4, 3))]).toEqual([]);
    expect(await list(store)).toEqual([]);
    expect(await makePositionReader(store).positions("g", "u")).toEqual([]);
  });

  it("tells the last version of each of a record's documents, folded or not, and whether it lives", async () => {
    const store = new MemoryObjects();
    const of = (id: string, seqNo: number, more = {}) =>
      makeEntry({ id, recordId: "r", seqNo, version: seqNo, ...more });
    await put(store, segmentText([of("a", 1), of("b", 2), makeEntry({ id: "c", seqNo: 3 })]));
    await compactSegments(placeOf(store));
    await compactBases(placeOf(store), 0, () => true);
    await put(
      store,
      segmentText([of("b", 4, { state: "deleted" }), of("d", 5, { state: "announced" })]),
      "reindex",
    );
    const known = await list(store);
    expect(known).toEqual([
      { id: "a", version: toExternalVersion(1n, "test"), live: true },
      { id: "b", version: toExternalVersion(4n, "test"), live: false },
      { id: "d", version: toExternalVersion(5n, "test"), live: false },
    ]);
  });

  it("reads positions from segments of the stream only, the one kind that has any", async () => {
    const store = new MemoryObjects();
    await put(store, segmentText([], [position("7")]));
    await put(store, "not read", "reindex");
    expect(await makePositionReader(store).positions("g", "u")).toEqual([position("7")]);
  });

  it("begins again when a compactor folds segments between the listing and the reading", async () => {
    const store = new MemoryObjects();
    await put(store, segmentText([makeEntry({ id: "a", recordId: "r", seqNo: 1 })], [position("7")]));
    const compact = () => compactSegments(placeOf(store));
    expect(await makePositionReader(interrupted(store, "list", compact)).positions("g", "u")).toEqual([
      position("7"),
    ]);
    await put(store, segmentText([makeEntry({ id: "b", recordId: "r", seqNo: 2 })]));
    const known = await list(interrupted(store, "list", compact));
    expect(known.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("begins again when a compactor folds a run into a base under the reader's feet", async () => {
    const store = new MemoryObjects();
    await put(store, segmentText([makeEntry({ id: "a", recordId: "r", seqNo: 1 })]));
    await compactSegments(placeOf(store));
    const compact = () => compactBases(placeOf(store), 0, () => true);
    const known = await list(interrupted(store, "readPart", compact));
    expect(known.map(({ id }) => id)).toEqual(["a"]);
    await put(store, segmentText([makeEntry({ id: "b", recordId: "r", seqNo: 2 })]));
    await compactSegments(placeOf(store));
    const entries = await readBucket(interrupted(store, "readPart", compact), FOLDER, 1, 0);
    expect([...entries].map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("does without segments that were folded before it began and are deleted while it reads", async () => {
    const store = new MemoryObjects();
    const [entry, other] = [1, 2].map((seqNo) => makeEntry({ id: `d${seqNo}`, recordId: "r", seqNo }));
    await put(store, segmentText(entry === undefined ? [] : [entry], [position("7")]));
    const folded = [...store.objects.entries()];
    await compactSegments(placeOf(store));
    await put(store, segmentText(other === undefined ? [] : [other], [position("8")]));
    // The winner has published and comes to deleting only now.
    for (const [key, object] of folded) store.objects.set(key, object);
    const remove = () => store.remove(folded.map(([key]) => key));
    const known = await list(interrupted(store, "list", remove));
    expect(known.map(({ id }) => id)).toEqual(["d1", "d2"]);
    for (const [key, object] of folded) store.objects.set(key, object);
    const positions = await makePositionReader(interrupted(store, "list", remove)).positions("g", "u");
    expect(positions).toEqual([position("8")]);
  });

  it("gives up on objects that are gone for good, rather than taking them for empty", async () => {
    const store = new MemoryObjects();
    await put(store, segmentText([makeEntry({ id: "a", recordId: "r" })]));
    await compactSegments(placeOf(store));
    await store.remove([...store.objects.keys()].filter((key) => key.includes("runs/")));
    let reads = 0;
    const counting = store.through(async () => {
      reads += 1;
    });
    await expect(readBucket(counting, FOLDER, 1, 0)).rejects.toThrow(/^MANIFEST_CORRUPT.*manifest\/g\/u\//);
    expect(reads).toBe(16);
    await expect(list(store)).rejects.toThrow(/^MANIFEST_CORRUPT/);
  });

  it("gives up where the pointer never stands still", async () => {
    const store = new MemoryObjects();
    await put(store, segmentText([], [position("7")]));
    const restless = store.through(async () => {});
    restless.list = async (prefix, limit) => {
      await put(store, segmentText([], [position("8")]));
      await compactSegments(placeOf(store));
      return store.list(prefix, limit);
    };
    await expect(makePositionReader(restless).positions("g", "u")).rejects.toThrow(/^MANIFEST_CORRUPT/);
    await expect(list(restless)).rejects.toThrow(/^MANIFEST_CORRUPT/);
  });
});
