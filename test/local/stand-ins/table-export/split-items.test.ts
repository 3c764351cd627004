import fc from "fast-check";
import { splitItems } from "../../../../local/stand-ins/table-export/split-items.ts";

async function* cut(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function split(text: string, size = 7): Promise<readonly string[]> {
  const items: string[] = [];
  for await (const some of splitItems(cut(text, size))) items.push(...some);
  return items;
}

describe("an answer split into items", () => {
  it("gives each item in the text it came in, wherever the answer is cut", async () => {
    const value = fc.oneof(
      fc.record({ S: fc.string({ unit: "grapheme" }) }),
      fc.record({ S: fc.constantFrom('{"', "\\", '"}],', "[[{", "\u2028") }),
      fc.record({ L: fc.array(fc.record({ N: fc.constant("1.50") }), { maxLength: 3 }) }),
    );
    const item = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), value, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (items, size) => {
          const texts = items.map((one) => JSON.stringify(one));
          expect(await split(`{"Items": [${texts.join(", ")}]}`, size)).toEqual(texts);
        },
      ),
    );
  });

  it("is refused when it was cut short, and when it says that there is more", async () => {
    await expect(split('{"Items": [{"a": {"S": "1"}}')).rejects.toThrow("EXPORT_FAILED");
    await expect(split('{"Items": [{"a": {"S": "1"}}], "NextToken": "n"}')).rejects.toThrow("EXPORT_FAILED");
    await expect(split("")).rejects.toThrow("EXPORT_FAILED");
  });
});
