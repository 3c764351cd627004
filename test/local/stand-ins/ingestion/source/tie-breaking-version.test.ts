import fc from "fast-check";
import {
  makeVersionCounter,
  toExportVersion,
} from "../../../../../local/stand-ins/ingestion/source/tie-breaking-version.ts";

const count = (seconds: readonly number[]) => {
  const counter = makeVersionCounter();
  return seconds.map(counter.next);
};

describe("versions of stream records", () => {
  it("count inside a second, begin anew with the next, and not at all for an older one", () => {
    expect(count([7, 7, 7, 8, 7, 7, 8, 9])).toEqual(
      [7_000_000, 7_000_001, 7_000_002, 8_000_000, 7_000_000, 7_000_000, 8_000_001, 9_000_000].map(BigInt),
    );
  });

  it("grow strictly while time does not go back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 50 }), (steps) => {
        let second = 1_700_000_000;
        const versions = count(steps.map((step) => (second += step)));
        expect(versions).toEqual(versions.toSorted((one, other) => (one < other ? -1 : 1)));
        expect(new Set(versions).size).toBe(versions.length);
      }),
    );
  });

  it("begin at 0 with a new consumer, so that a later change may get a lower one", () => {
    const counter = makeVersionCounter();
    const [, second] = [counter.next(7), counter.next(7)];
    counter.reset();
    expect(counter.next(7)).toBeLessThan(second);
  });

  it("are greater than the export's from five minutes before it on", () => {
    expect(toExportVersion(1_000_000_000)).toBe(999_700_000_000n);
    expect(toExportVersion(1_000_000_000)).toBeLessThan(makeVersionCounter().next(999_701));
    expect(toExportVersion(1_000_000_000)).toBeGreaterThan(makeVersionCounter().next(999_699));
  });
});
