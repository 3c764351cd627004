import fc from "fast-check";
import { toExternalVersion } from "../../core/external-version.ts";
import type { IndexWrite } from "../../core/ports/index-writer.ts";
import { splitBulks, toBulkLines } from "../../core/split-bulks.ts";

const write: fc.Arbitrary<IndexWrite> = fc.record({
  id: fc.string({ minLength: 1, unit: "binary" }),
  version: fc.bigInt({ min: 1n, max: 10n ** 16n }).map((value) => toExternalVersion(value, "test")),
  source: fc
    .dictionary(fc.string(), fc.string({ maxLength: 60 }))
    .map((document) => JSON.stringify(document)),
});
const limits = fc.record({
  maxBulkBytes: fc.integer({ min: 1, max: 600 }),
  maxBulkDocuments: fc.integer({ min: 1, max: 5 }),
});

describe("the lines of a write", () => {
  it("carry the document whole, under its id and every digit of its version", () => {
    fc.assert(
      fc.property(write, (one) => {
        const [action = "", source, end, ...more] = toBulkLines(one).split("\n");
        expect([source, end, more]).toEqual([one.source, "", []]);
        expect(JSON.parse(action).index._id).toBe(one.id);
        expect(action).toContain(`"version":${one.version},"version_type":"external_gte"`);
      }),
    );
  });
});

describe("the line of a removal", () => {
  const id = write.map((one) => one.id);

  it("carries its id and every digit of its version, and no document", () => {
    fc.assert(
      fc.property(id, (name) => {
        const version = toExternalVersion(2n ** 63n - 1n, "test");
        const [action = "", end, ...more] = toBulkLines({ id: name, version, source: undefined }).split("\n");
        expect([end, more]).toEqual(["", []]);
        expect(JSON.parse(action).delete._id).toBe(name);
        expect(action).toContain('"version":9223372036854775807,"version_type":"external_gte"');
      }),
    );
  });

  it("stands among writes in their order", () => {
    const version = toExternalVersion(1n, "test");
    const writes = [
      { id: "a", version, source: "{}" },
      { id: "a", version, source: undefined },
    ];
    const [bulk = []] = splitBulks(writes, { maxBulkBytes: 1e6, maxBulkDocuments: 4 });
    expect(bulk.map(({ place, lines }) => [place, lines.slice(0, 8)])).toEqual([
      [0, '{"index"'],
      [1, '{"delete'],
    ]);
    expect(splitBulks(writes, { maxBulkBytes: 100, maxBulkDocuments: 4 })).toHaveLength(2);
  });
});

describe("splitting writes into bulks", () => {
  it("loses none, keeps their order and never makes an empty bulk", () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), limits, (writes, allowed) => {
        const bulks = splitBulks(writes, allowed);
        expect(bulks.flat()).toEqual(writes.map((one, place) => ({ place, lines: toBulkLines(one) })));
        expect(bulks.every((bulk) => bulk.length > 0)).toBe(true);
      }),
    );
  });

  it("goes over neither limit, but for a write that is too large alone", () => {
    const word = fc.stringMatching(/^[a-z0-9|-]{1,20}$/);
    const ascii = fc.record({ id: word, version: write.map(({ version }) => version), source: word });
    fc.assert(
      fc.property(fc.array(ascii, { maxLength: 12 }), limits, (writes, allowed) => {
        for (const bulk of splitBulks(writes, allowed)) {
          expect(bulk.length).toBeLessThanOrEqual(allowed.maxBulkDocuments);
          const bytes = Buffer.byteLength(bulk.map(({ lines }) => lines).join(""));
          if (bulk.length > 1) expect(bytes).toBeLessThanOrEqual(allowed.maxBulkBytes);
        }
      }),
    );
  });

  it("makes no more bulks than it must", () => {
    const writes = Array.from({ length: 10 }, (_, number) => ({
      id: String(number),
      version: toExternalVersion(1n, "test"),
      source: "{}",
    }));
    expect(splitBulks(writes, { maxBulkBytes: 1e6, maxBulkDocuments: 4 }).map((bulk) => bulk.length)).toEqual(
      [4, 4, 2],
    );
    expect(
      splitBulks(writes, { maxBulkBytes: 3 * 83, maxBulkDocuments: 100 }).map((bulk) => bulk.length),
    ).toEqual([3, 3, 3, 1]);
    expect(splitBulks([], { maxBulkBytes: 1, maxBulkDocuments: 1 })).toEqual([]);
  });
});
