import fc from "fast-check";
import { sortTexts } from "../../core/sort-texts.ts";

describe("sorting texts", () => {
  it("orders as `toSorted` does, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        expect(sortTexts(texts)).toEqual(texts.toSorted());
      }),
    );
  });

  it("leaves what it was given as it is, and copies nothing that is in order", () => {
    const [sorted, unsorted] = [
      ["a", "a", "b"],
      ["b", "a"],
    ];
    expect(sortTexts(sorted)).toBe(sorted);
    expect(sortTexts(unsorted)).toEqual(["a", "b"]);
    expect(unsorted).toEqual(["b", "a"]);
  });
});
