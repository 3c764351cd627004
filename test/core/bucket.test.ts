import fc from "fast-check";
import { bucketOf } from "../../core/bucket.ts";

describe("bucketOf", () => {
  it("puts every id into one of the buckets there are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 1024 }), (id, buckets) => {
        const bucket = bucketOf(id, buckets);
        expect(Number.isInteger(bucket) && bucket >= 0 && bucket < buckets).toBe(true);
      }),
    );
  });

  it("never changes, because manifests in S3 are laid out by it", () => {
    expect([bucketOf("", 256), bucketOf("3039154", 256), bucketOf("日本|x", 256)]).toEqual([197, 16, 80]);
  });

  it("spreads consecutive ids evenly", () => {
    const counts = new Array<number>(64).fill(0);
    for (let id = 0; id < 64_000; id += 1) {
      const bucket = bucketOf(String(id), 64);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(1_300);
    expect(Math.min(...counts)).toBeGreaterThan(700);
  });
});
