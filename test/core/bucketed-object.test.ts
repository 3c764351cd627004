import fc from "fast-check";
import { BucketedLines, linesOf, readBucketPart } from "../../core/bucketed-object.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const BUCKETS = 3;
const line = fc.string({ minLength: 1, unit: fc.constantFrom("a", "b", " ", ",") });
const added = fc.array(fc.tuple(fc.nat({ max: BUCKETS - 1 }), line), { maxLength: 10 });

describe("an object in buckets", () => {
  it("gives each bucket its own lines back, in order, under the first line", async () => {
    await fc.assert(
      fc.asyncProperty(added, fc.constantFrom("", '"hash"'), async (all, firstLine) => {
        const store = new MemoryObjects();
        const lines = new BucketedLines(BUCKETS);
        for (const [bucket, text] of all) lines.add(bucket, text);
        expect(lines.count).toBe(all.length);
        const object = await lines.write(store, "key", firstLine);
        expect(object.offsets).toHaveLength(BUCKETS + 1);
        for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
          const own = all.filter(([other]) => other === bucket).map(([, text]) => text);
          const head = firstLine === "" || own.length === 0 ? [] : [firstLine];
          const part = await readBucketPart(store, object, bucket);
          expect(linesOf(part ?? "gone")).toEqual([...head, ...own]);
        }
      }),
    );
  });

  it("forgets its lines when they are stored, so that none is stored twice", async () => {
    const store = new MemoryObjects();
    const lines = new BucketedLines(2);
    lines.add(0, "a");
    await lines.write(store, "first");
    expect(lines.count).toBe(0);
    lines.add(1, "b");
    await lines.write(store, "second");
    expect(await store.readText("second")).toBe("b\n");
  });

  it("spends no request on a bucket without lines, and tells an object that is gone", async () => {
    const store = new MemoryObjects();
    const object = { key: "deleted", offsets: [0, 0, 2] };
    expect(await readBucketPart(store, object, 0)).toBe("");
    expect(await readBucketPart(store, object, 1)).toBeUndefined();
    // A bucket past the ones there are holds nothing, rather than another one's lines.
    expect(await readBucketPart(store, object, 2)).toBe("");
    expect(await readBucketPart(store, object, 7)).toBe("");
  });
});

describe("linesOf", () => {
  it.each([
    ["", []],
    ["\n", [""]],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\nb", ["a", "b"]],
    ["a\n\n", ["a", ""]],
  ])("reads %j, with or without a last line break", (text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });
});
