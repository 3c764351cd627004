import fc from "fast-check";
import { BoundedCache } from "../../core/bounded-cache.ts";

const bounds = { maximumEntries: 2, timeToLiveMillis: 1_000 };

describe("a bounded cache", () => {
  it("forgets a value when its time is over, and tells a kept undefined from none", () => {
    let now = 0;
    const cache = new BoundedCache<number | undefined>(bounds, () => now);
    cache.set("a", undefined);
    expect(cache.get("a")).toMatchObject({ value: undefined });
    now = 1_000;
    expect(cache.get("a")).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it("makes room by forgetting what was used least recently", () => {
    const cache = new BoundedCache<number>(bounds, () => 0);
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect(["a", "b", "c"].map((key) => cache.get(key)?.value)).toEqual([1, undefined, 3]);
  });

  it("never holds more than it may, whatever is put", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat())), (puts) => {
        const cache = new BoundedCache<number>(bounds, () => 0);
        for (const [key, value] of puts) cache.set(key, value);
        expect(cache.size).toBeLessThanOrEqual(2);
        for (const [key, value] of puts.slice(-1)) expect(cache.get(key)?.value).toBe(value);
      }),
    );
  });
});
