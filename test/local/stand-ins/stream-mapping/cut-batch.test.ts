import fc from "fast-check";
import { cutBatch, MAXIMUM_RECORDS_BYTES } from "../../../../local/stand-ins/stream-mapping/cut-batch.ts";
import { openWindow } from "../../../../local/stand-ins/stream-mapping/tumbling-window.ts";
import { mappingOf, numbersOf, recordOf, recordsOf } from "./shard-fixtures.ts";

describe("a batch that is cut", () => {
  it("holds what was read, up to the batch size", () => {
    expect(cutBatch(recordsOf(3), mappingOf({ BatchSize: 5 }), undefined)).toMatchObject({ full: false });
    const { records, full } = cutBatch(recordsOf(8), mappingOf({ BatchSize: 5 }), undefined);
    expect([numbersOf(records), full]).toEqual([[1, 2, 3, 4, 5], true]);
    expect(cutBatch([], mappingOf(), undefined)).toEqual({ records: [], full: false });
  });

  it("stays below 6 MB, but for one record that weighs more alone", () => {
    const heavy = [1, 2, 3, 4].map((number) => recordOf(number, 1_000, "x".repeat(2_000_000)));
    expect(numbersOf(cutBatch(heavy, mappingOf(), undefined).records)).toEqual([1, 2, 3]);
    const tooHeavy = [recordOf(1, 1_000, "x".repeat(MAXIMUM_RECORDS_BYTES)), recordOf(2)];
    expect(numbersOf(cutBatch(tooHeavy, mappingOf(), undefined).records)).toEqual([1]);
  });

  it("never crosses the end of a tumbling window", () => {
    const mapping = mappingOf({ TumblingWindowInSeconds: 60 });
    const unsent = [recordOf(1, 1_019), recordOf(2, 1_019), recordOf(3, 1_020), recordOf(4, 1_021)];
    const { records, full } = cutBatch(unsent, mapping, undefined);
    expect([numbersOf(records), full]).toEqual([[1, 2], true]);
  });

  it("counts a late record into the window that is open", () => {
    const mapping = mappingOf({ TumblingWindowInSeconds: 60 });
    const open = openWindow(recordOf(0, 1_020), 60, 0);
    expect(numbersOf(cutBatch([recordOf(1, 1_019), recordOf(2, 1_030)], mapping, open).records)).toEqual([
      1, 2,
    ]);
  });

  it("cut again and again, is every record once and in order", () => {
    const seconds = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        seconds,
        fc.integer({ min: 1, max: 10 }),
        fc.nat(50),
        (times, BatchSize, TumblingWindowInSeconds) => {
          const sorted = times.toSorted((one, other) => one - other);
          let unsent = sorted.map((time, place) => recordOf(place, 1_000 + time));
          const sent: number[] = [];
          while (unsent.length > 0) {
            const { records } = cutBatch(
              unsent,
              mappingOf({ BatchSize, TumblingWindowInSeconds }),
              undefined,
            );
            expect(records.length).toBeGreaterThan(0);
            sent.push(...numbersOf(records));
            unsent = unsent.slice(records.length);
          }
          expect(sent).toEqual(sorted.map((_, place) => place));
        },
      ),
    );
  });
});
