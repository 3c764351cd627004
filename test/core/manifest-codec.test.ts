import fc from "fast-check";
import { MAX_EXTERNAL_VERSION, toExternalVersion } from "../../core/external-version.ts";
import type { Fingerprint } from "../../core/fingerprint.ts";
import {
  decodeEntry,
  decodeSegment,
  encodeEntry,
  encodeSegment,
  idsOfLine,
} from "../../core/manifest-codec.ts";
import type { ManifestEntry, ManifestSegment } from "../../core/manifest-entry.ts";

/** Ids as most are, which are read by a faster way, and any others. */
const id = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("a", "b|c"),
  fc.string({ minLength: 1, unit: "binary" }),
);
const ids = fc.oneof(
  id.map((own) => ({ id: own, recordId: own })),
  fc.record({ id, recordId: id }),
);
const rest = fc.record({
  version: fc.bigInt({ min: 1n, max: MAX_EXTERNAL_VERSION }).map((value) => toExternalVersion(value, "test")),
  fingerprint: fc.constantFrom("" as const, "0123456789abcdef0123456789abcdef" as Fingerprint),
  state: fc.constantFrom("present", "deleted", "omitted", "purged", "announced", "refused"),
  seqNo: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  primaryTerm: fc.integer({ min: 1, max: 1000 }),
  tied: fc.boolean(),
  sourceTime: fc.nat({ max: 4_000_000_000_000 }),
  transformHash: fc.constantFrom("identity", "0123456789abcdef"),
});
const entry = fc.tuple(ids, rest).map(([names, values]): ManifestEntry => ({ ...names, ...values }));

describe("manifest codec", () => {
  it("reads back every entry it writes, with all digits of its version", () => {
    fc.assert(
      fc.property(entry, (written) => {
        expect(decodeEntry(encodeEntry(written, "identity"), "identity")).toEqual(written);
      }),
    );
  });

  it("tells whose a line is without reading all of it", () => {
    fc.assert(
      fc.property(entry, (written) => {
        const { id, recordId } = idsOfLine(encodeEntry(written, "identity"), "identity");
        expect({ id, recordId }).toEqual({ id: written.id, recordId: written.recordId });
      }),
    );
  });

  it("reads what a JSON parser reads of a line, whatever numbers stand in it", () => {
    for (const [numbers, read] of [
      ["1,2,3", [1, 2, 3]],
      ["-1,2,3", [-1, 2, 3]],
      ["1,2,1e3", [1, 2, 1_000]],
      ["1,2.5,3", [1, 2.5, 3]],
    ] as const) {
      const { seqNo, primaryTerm, sourceTime } = decodeEntry(`["a",0,"1","","",${numbers}]`, "identity");
      expect([seqNo, primaryTerm, sourceTime]).toEqual(read);
    }
  });

  it.each([
    ["a line that was cut off", '["a",0,"1","f","",1,1,17640000'],
    ["another separator", '["a",0,"1"xyf"qq",1,1,5]'],
    ["a version beyond the largest", '["a",0,"9999999999999999999","","",1,1,5]'],
    ["no numbers", '["a",0,"1","",""]'],
    ["texts for numbers", '["a",0,"1","","","1","1","5"]'],
    ["a state nobody knows", '["a",0,"1","","z",1,1,5]'],
  ])("refuses %s, whichever way it is read", (_what, line) => {
    expect(() => decodeEntry(line, "identity")).toThrow(/^MANIFEST_CORRUPT: /);
  });

  it.each(["null", "{}", "[]", "not JSON", '{"transformHash":"h"}'])(
    "refuses a segment that begins with %s",
    (header) => {
      expect(() => decodeSegment(`${header}\n`)).toThrow(/^MANIFEST_CORRUPT: a segment has no header/);
    },
  );

  it("reads back a segment, positions and all", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const segment: ManifestSegment = {
          generation: "orders-custom-1",
          indexUuid: "uuid",
          transformHash: "identity",
          origin: "stream",
          positions: [{ shard: "shardId-1", sequence: "0001", time: 1_700_000_000_000 }],
          entries,
        };
        expect(decodeSegment(encodeSegment(segment))).toEqual(segment);
      }),
    );
  });

  it("spends about a hundred bytes on an ordinary entry", () => {
    const line = encodeEntry(
      {
        id: "3039154",
        recordId: "3039154",
        version: toExternalVersion(1_764_000_000_000_000n, "test"),
        fingerprint: "0123456789abcdef0123456789abcdef" as Fingerprint,
        state: "present",
        seqNo: 123_456,
        primaryTerm: 1,
        tied: false,
        sourceTime: 1_764_000_000_000,
        transformHash: "identity",
      },
      "identity",
    );
    expect(line.length).toBeLessThan(110);
  });

  it.each([
    "",
    "[]",
    "{}",
    '["a",0,"x","","",1,1,1]',
    '["a",0,"0","","",1,1,1]',
    '["a",0,"1","","z",1,1,1]',
    '["a",0,"1","","",,1,1]',
    '["a",0,"1","","",1,1,]',
  ])("refuses %p as an entry", (line) => {
    expect(() => decodeEntry(line, "identity")).toThrow("MANIFEST_CORRUPT");
  });

  it.each(["", "\n", "not a header\n"])("refuses a segment without a header: %j", (text) => {
    expect(() => decodeSegment(text)).toThrow("MANIFEST_CORRUPT");
  });
});
