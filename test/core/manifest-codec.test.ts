import fc from "fast-check";
import { MAX_EXTERNAL_VERSION, toExternalVersion } from "../../core/external-version.ts";
import type { Fingerprint } from "../../core/fingerprint.ts";
import { decodeEntry, decodeSegment, encodeEntry, encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry, ManifestSegment } from "../../core/manifest-entry.ts";

const entry: fc.Arbitrary<ManifestEntry> = fc.record({
  id: fc.string({ minLength: 1, unit: "binary" }),
  recordId: fc.string({ minLength: 1, unit: "binary" }),
  version: fc.bigInt({ min: 1n, max: MAX_EXTERNAL_VERSION }).map((value) => toExternalVersion(value, "test")),
  fingerprint: fc.constantFrom("" as const, "0123456789abcdef0123456789abcdef" as Fingerprint),
  state: fc.constantFrom("present", "deleted", "omitted", "purged", "announced"),
  seqNo: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  primaryTerm: fc.integer({ min: 1, max: 1000 }),
  tied: fc.boolean(),
  sourceTime: fc.nat({ max: 4_000_000_000_000 }),
  transformHash: fc.constantFrom("identity", "0123456789abcdef"),
});

describe("manifest codec", () => {
  it("reads back every entry it writes, with all digits of its version", () => {
    fc.assert(
      fc.property(entry, (written) => {
        expect(decodeEntry(encodeEntry(written, "identity"), "identity")).toEqual(written);
      }),
    );
  });

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

  it.each(["", "[]", "{}", '["a",0,"x","","",1,1,1]', '["a",0,"1","","z",1,1,1]'])(
    "refuses %p as an entry",
    (line) => {
      expect(() => decodeEntry(line, "identity")).toThrow("MANIFEST_CORRUPT");
    },
  );

  it("refuses a segment without a header", () => {
    expect(() => decodeSegment("not a header\n")).toThrow("MANIFEST_CORRUPT");
  });
});
