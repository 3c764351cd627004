import fc from "fast-check";
import { collect } from "../../core/collect.ts";

describe("collecting", () => {
  it("is mapping and leaving out what is undefined, in order and told each place", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (items) => {
        const pick = (item: number | undefined, place: number) =>
          item === undefined ? undefined : `${place}:${item}`;
        expect(collect(items, pick)).toEqual(items.map(pick).filter((value) => value !== undefined));
      }),
    );
  });

  it("keeps null, zero and empty texts, which are values", () => {
    expect(collect([null, 0, "", undefined], (item) => item)).toEqual([null, 0, ""]);
  });
});
