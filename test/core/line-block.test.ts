import fc from "fast-check";
import { LineBlock } from "../../core/line-block.ts";

const line = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\n"));

describe("LineBlock", () => {
  it("holds lines as bytes, and gives each back", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const block = LineBlock.of(lines);
        expect(block.count).toBe(lines.length);
        expect(block.texts()).toEqual(lines);
        for (const [place, text] of lines.entries()) {
          const bytes = block.bytes.subarray(block.beginOf(place), block.endOf(place));
          expect(bytes.toString()).toBe(text);
        }
      }),
    );
  });

  it("has nothing behind its last line", () => {
    expect(LineBlock.of(["é"]).endOf(1)).toBe(2);
  });
});
