import { findGapBefore, findGapInside } from "../../core/offset-gap.ts";

describe("a gap in a partition's offsets", () => {
  it("is an offset that is not the next one of its batch", () => {
    expect(findGapInside([3, 4, 5])).toBeUndefined();
    expect(findGapInside([])).toBeUndefined();
    expect(findGapInside([3, 4, 6, 7])).toEqual({ expected: 5, found: 6 });
    expect(findGapInside([3, 3])).toEqual({ expected: 4, found: 3 });
  });

  it.each([
    ["the first batch of all", 7, undefined, undefined],
    ["the next batch", 7, { offset: 6, time: 0 }, undefined],
    ["a batch that comes again", 3, { offset: 6, time: 0 }, undefined],
    ["a batch after lost ones", 9, { offset: 6, time: 0 }, { expected: 7, found: 9 }],
    ["an old offset under a newer change", 0, { offset: 6, time: -60_001 }, { expected: 7, found: 0 }],
  ])("is told of %s", (_what, offset, read, gap) => {
    expect(findGapBefore({ offset, time: 0 }, read)).toEqual(gap);
  });
});
