import fc from "fast-check";
import { bucketOf } from "../../core/bucket.ts";
import { readBucketPart } from "../../core/bucketed-object.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { decodePart, encodePart, RunBuilder } from "../../core/manifest-run.ts";
import { makeEntry, segmentText } from "../support/manifest-entries.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const BUCKETS = 4;
const id = fc.oneof(
  fc.nat({ max: 30 }).map((number) => `id-${number}`),
  fc.string({ minLength: 1 }),
);
const entry = fc
  .record({
    id,
    recordId: id,
    own: fc.boolean(),
    seqNo: fc.nat({ max: 9_999 }),
    transformHash: fc.constantFrom("identity", "former", "other"),
  })
  .map(({ own, recordId, ...given }) => makeEntry({ ...given, recordId: own ? given.id : recordId }));

/** A segment of entries of different transforms, as a repair writes it. */
function segment(entries: readonly ManifestEntry[], transformHash: string): string {
  const header = { generation: "g", indexUuid: "u", transformHash, origin: "reindex" } as const;
  return encodeSegment({ ...header, positions: [], entries });
}

describe("a run", () => {
  it("holds every entry with its document and with its record, transforms and all", async () => {
    const segments = fc.array(
      fc.tuple(fc.array(entry, { maxLength: 4 }), fc.constantFrom("identity", "former")),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(segments, async (all) => {
        const store = new MemoryObjects();
        const run = new RunBuilder(BUCKETS);
        for (const [entries, hash] of all) run.addSegment(segment(entries, hash));
        const object = await run.lines.write(store, "run", run.header);
        const added = all.flatMap(([entries]) => entries);
        for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
          const part = await readBucketPart(store, object, bucket);
          expect([...decodePart(part ?? "gone")]).toEqual(
            added.filter((one) =>
              [bucketOf(one.id, BUCKETS), bucketOf(one.recordId, BUCKETS)].includes(bucket),
            ),
          );
        }
      }),
    );
  });

  it("counts an entry once where its document and its record share a bucket", () => {
    const run = new RunBuilder(1);
    run.addSegment(segmentText([makeEntry({ id: "a" }), makeEntry({ id: "b", recordId: "a" })]));
    expect(run.lines.count).toBe(2);
  });

  it("gathers the positions of its segments, entries or none", () => {
    const run = new RunBuilder(1);
    expect(run.header).toBe('""');
    const [first, second] = ["1", "2"].map((sequence) => ({ shard: "s", sequence, time: 1 }));
    run.addSegment(segmentText([], first === undefined ? [] : [first]));
    run.addSegment(segmentText([makeEntry({})], second === undefined ? [] : [second]));
    expect(run.positions).toEqual([first, second]);
    expect(run.header).toBe('"identity"');
  });

  it.each(["", "\n", "not a header\n"])("refuses a segment that begins with no header: %j", (text) => {
    expect(() => new RunBuilder(1).addSegment(text)).toThrow(/^MANIFEST_CORRUPT/);
  });

  it("refuses a segment with a line that is no entry, rather than leaving it out", () => {
    expect(() => new RunBuilder(1).addSegment(`${segmentText([])}not an entry\n`)).toThrow(
      /^MANIFEST_CORRUPT/,
    );
  });
});

describe("a part of a base", () => {
  it("is read as it was written, entries of other transforms included", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        expect([...decodePart(encodePart(entries))]).toEqual(entries);
      }),
    );
  });

  it("that is cut off at its beginning is refused", () => {
    expect(() => [...decodePart("not json\n")]).toThrow(/^MANIFEST_CORRUPT: /);
    expect(() => [...decodePart('["a",0,"1","","",1,1,5]\n')]).toThrow(/^MANIFEST_CORRUPT: /);
  });

  it("that was never written holds nothing", () => {
    expect([...decodePart("")]).toEqual([]);
  });
});
