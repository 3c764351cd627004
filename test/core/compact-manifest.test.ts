import fc from "fast-check";
import { compactBases } from "../../core/compact-bases.ts";
import { compactAll, compactSegments, type ManifestPlace } from "../../core/compact-segments.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { addToFold, foldEntries } from "../../core/manifest-fold.ts";
import { readPointer } from "../../core/manifest-pointer.ts";
import { makePositionReader, makeRecordDocuments, readBucket } from "../../core/read-manifest.ts";
import { makeEntry, segmentText } from "../support/manifest-entries.ts";
import { MemoryObjects } from "../support/memory-objects.ts";
import { runs } from "../support/runs.ts";

const FOLDER = "manifest/g/u/";
const BUCKETS = 4;
let names = 0;
const newName = () => {
  names += 1;
  return `name-${names}`;
};

function place(store: MemoryObjects): ManifestPlace {
  return { store, folder: FOLDER, buckets: BUCKETS, newName };
}

async function put(store: MemoryObjects, name: string, entries: readonly ManifestEntry[]): Promise<void> {
  const position = {
    shard: "s",
    sequence: String(entries[0]?.seqNo ?? 0),
    time: entries[0]?.sourceTime ?? 0,
  };
  await store.writeText(
    `${FOLDER}segments/2026-11-23T09/${name}-stream-x.gz`,
    segmentText(entries, [position]),
  );
}

async function foldAll(store: MemoryObjects): Promise<Map<string, ManifestEntry>> {
  const folded = new Map<string, ManifestEntry>();
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    for (const entry of await readBucket(store, FOLDER, BUCKETS, bucket)) addToFold(folded, entry);
  }
  return folded;
}

const always = () => true;

describe("compaction", () => {
  it("keeps every entry in a run, and only the last one in a base", async () => {
    const store = new MemoryObjects();
    await put(store, "1", [makeEntry({ id: "a", seqNo: 1, version: 1 })]);
    await put(store, "2", [makeEntry({ id: "a", seqNo: 2, version: 2 }), makeEntry({ id: "b", seqNo: 3 })]);
    await compactAll(place(store), always);
    const count = async () => {
      let total = 0;
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        total += [...(await readBucket(store, FOLDER, BUCKETS, bucket))].length;
      }
      return total;
    };
    expect(await count()).toBe(3);
    expect(await compactBases(place(store), 0, always)).toBe(true);
    expect(await count()).toBe(2);
    expect((await readPointer(store, FOLDER, BUCKETS)).pointer.runs).toEqual([]);
  });

  it("leaves nothing behind that the pointer does not name", async () => {
    const store = new MemoryObjects();
    for (let round = 0; round < 3; round += 1) {
      await put(store, String(round), [makeEntry({ id: `a${round}`, seqNo: round })]);
      await compactAll(place(store), always);
      await compactBases(place(store), 0, always);
    }
    const { pointer } = await readPointer(store, FOLDER, BUCKETS);
    const named = pointer.bases.map((base) => base?.key ?? "");
    expect([...store.objects.keys()].sort()).toEqual([`${FOLDER}pointer.json`, ...named].sort());
  });

  it("finds an entry under its document and under its record", async () => {
    const store = new MemoryObjects();
    const entries = Array.from({ length: 20 }, (_, seqNo) =>
      makeEntry({ id: `d${seqNo}`, recordId: "r", seqNo }),
    );
    await put(store, "1", entries.slice(0, 10));
    await compactAll(place(store), always);
    await put(store, "2", entries.slice(10));
    const documents = makeRecordDocuments(store, { generation: "g", indexUuid: "u" });
    const [stranger, known = []] = await documents.list(["s", "r"]);
    expect(stranger).toEqual([]);
    expect(known.map(({ id }) => id).sort()).toEqual(entries.map(({ id }) => id).sort());
  });

  it("carries the newest position of each shard over, folded or not", async () => {
    const store = new MemoryObjects();
    await put(store, "1", [makeEntry({ seqNo: 9, sourceTime: 90 })]);
    await compactAll(place(store), always);
    await put(store, "2", [makeEntry({ seqNo: 10, sourceTime: 100 })]);
    const positions = await makePositionReader(store).positions("g", "u");
    expect(positions).toEqual([{ shard: "s", sequence: "10", time: 100 }]);
  });

  it("forgets purged entries one horizon later, and no other", async () => {
    const store = new MemoryObjects();
    await put(store, "1", [
      makeEntry({ id: "old", seqNo: 1, state: "purged", fingerprint: "", sourceTime: 10 }),
      makeEntry({ id: "new", seqNo: 2, state: "purged", fingerprint: "", sourceTime: 30 }),
      makeEntry({ id: "dead", seqNo: 3, state: "deleted", fingerprint: "", sourceTime: 10 }),
    ]);
    await compactAll(place(store), always);
    await compactBases(place(store), 20, always);
    expect([...(await foldAll(store)).keys()].sort()).toEqual(["dead", "new"]);
  });

  it("H11: loses nothing when one lists, another folds and deletes, and the first publishes after", async () => {
    const store = new MemoryObjects();
    await put(store, "1", [makeEntry({ id: "a", seqNo: 1 })]);
    let calls = 0;
    const slow = store.through(async () => {
      calls += 1;
      // After the pointer and the listing were read, before the segment is.
      if (calls === 3) await compactSegments(place(store));
    });
    expect(await compactSegments(place(slow))).toBe("lost");
    expect([...(await foldAll(store)).keys()]).toEqual(["a"]);
  });

  it("takes its own publication for a success when the answer to it was lost", async () => {
    const store = new MemoryObjects();
    await put(store, "1", [makeEntry({ id: "a", seqNo: 1 })]);
    const deaf = store.through(async () => {});
    deaf.replace = async (key, text, tag) => {
      await store.replace(key, text, tag);
      return false;
    };
    expect(await compactSegments(place(deaf))).toBe("all");
    expect([...(await foldAll(store)).keys()]).toEqual(["a"]);
  });

  it("H11: two compactors and a writer, interleaved at every call, lose nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 }),
        async (scheduler, ids) => {
          const store = new MemoryObjects();
          const slow = () => store.through(() => scheduler.schedule(Promise.resolve()));
          const entries = ids.map((id, seqNo) => makeEntry({ id: `id${id}`, seqNo, version: seqNo + 1 }));
          const write = async () => {
            const writer = slow();
            for (const [index, entry] of entries.entries()) await put(writer, String(index), [entry]);
          };
          const compact = async () => {
            const own = place(slow());
            await compactSegments(own);
            await compactBases(own, 0, always);
            await compactSegments(own);
          };
          await scheduler.waitFor(Promise.all([write(), compact(), compact()]));
          await compactAll(place(store), always);
          expect(await foldAll(store)).toEqual(new Map(foldEntries(entries)));
          const stray = [...store.objects.keys()].filter((key) => key.includes("segments/"));
          expect(stray).toEqual([]);
        },
      ),
      runs(150),
    );
  });
});
