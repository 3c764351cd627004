import fc from "fast-check";
import {
  type DocumentRow,
  decodeDocumentRow,
  decodeRecordRow,
  encodeDocumentRow,
  encodeRecordRow,
} from "../../core/audit-rows.ts";
import { MAX_EXTERNAL_VERSION } from "../../core/external-version.ts";
import { fingerprintOf } from "../support/manifest-entries.ts";

/** Ids of every kind, with what a line or JSON text is made of more often than by chance. */
const id = fc.oneof(
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({
    minLength: 1,
    unit: fc.constantFrom('"', "\\", "\n", "\r", " ", "|", "\ud800", "\u2028", "é", "a"),
  }),
);
const row: fc.Arbitrary<DocumentRow> = fc.record({
  id,
  shard: fc.nat({ max: 1023 }),
  version: fc.bigInt({ min: 1n, max: MAX_EXTERNAL_VERSION }).map(String),
  seqNo: fc.maxSafeNat(),
  primaryTerm: fc.integer({ min: 1, max: 1_000 }),
});

describe("rows of an audit", () => {
  it("are read back as they were written, records that were deleted included", () => {
    const fingerprint = fc.constantFrom("" as const, fingerprintOf("a"), fingerprintOf("b"));
    fc.assert(
      fc.property(id, fingerprint, (recordId, digest) => {
        const written = { recordId, fingerprint: digest };
        expect(decodeRecordRow(encodeRecordRow(written))).toEqual(written);
      }),
    );
  });

  it("keep every digit of a version, which a number would round", () => {
    fc.assert(
      fc.property(row, (written) => {
        expect(decodeDocumentRow(encodeDocumentRow(written))).toEqual(written);
      }),
    );
  });

  it("are one line each, whatever an id holds, and survive UTF-8", () => {
    fc.assert(
      fc.property(row, (written) => {
        for (const line of [
          encodeDocumentRow(written),
          encodeRecordRow({ recordId: written.id, fingerprint: "" }),
        ]) {
          expect(line).not.toMatch(/[\n\r]/);
          expect(Buffer.from(line).toString()).toBe(line);
        }
      }),
    );
  });

  it("cost an ordinary id nothing but itself", () => {
    expect(encodeRecordRow({ recordId: "3039154", fingerprint: fingerprintOf(7) })).toBe(
      `${fingerprintOf(7)}3039154`,
    );
    expect(
      encodeDocumentRow({ id: "tenant|order 7", shard: 3, seqNo: 5, primaryTerm: 2, version: "9" }),
    ).toBe("3 5 2 9 tenant|order 7");
  });
});
