import fc from "fast-check";
import type { RecordRow } from "../../core/audit-rows.ts";
import { compareRecords, type RecordRules } from "../../core/compare-records.ts";
import { toDocumentId } from "../../core/document-id.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { fingerprintOf, makeEntry } from "../support/manifest-entries.ts";

const EXPORT_TIME = 1_000_000;
const rules: RecordRules = {
  kind: "full",
  exportTime: EXPORT_TIME,
  transformHash: "identity",
  toDocumentId,
};
const content = fingerprintOf("now");
const record: RecordRow = { recordId: "r", fingerprint: content };
const entry = makeEntry({ id: "r", fingerprint: content });

function compare(
  rows: readonly RecordRow[],
  documents: readonly ManifestEntry[],
  more: Partial<RecordRules> = {},
) {
  return compareRecords(rows, documents, { ...rules, ...more });
}

const kinds = (...given: Parameters<typeof compare>) => compare(...given).findings.map(({ kind }) => kind);

describe("comparing the database with the manifest", () => {
  it("finds nothing where a document was made of the record as it is", () => {
    expect(compare([record], [entry])).toEqual({ findings: [], notJudged: 0 });
    expect(compare([record], [{ ...entry, state: "omitted" }])).toEqual({ findings: [], notJudged: 0 });
  });

  it("names the document a record without any should have", () => {
    expect(compare([record], []).findings).toEqual([{ kind: "missing", id: "r", recordId: "r", stage: 1 }]);
    const long = { recordId: "é".repeat(300), fingerprint: content };
    expect(compare([long], []).findings[0]?.id).toMatch(/^sha256-/);
  });

  it("calls a document stale whose record or transform is another one since", () => {
    expect(kinds([record], [{ ...entry, fingerprint: fingerprintOf("before") }])).toEqual(["stale"]);
    expect(kinds([record], [{ ...entry, transformHash: "former" }])).toEqual(["stale"]);
    expect(kinds([record], [{ ...entry, state: "omitted", transformHash: "former" }])).toEqual(["stale"]);
  });

  it.each([
    ["present", ["orphaned"]],
    ["omitted", []],
    ["deleted", []],
    ["purged", []],
    ["announced", []],
  ] as const)("of a record that is gone, a %s document is %j", (state, found) => {
    expect(kinds([], [{ ...entry, state }])).toEqual(found);
    // An incremental export lists a deleted record without a fingerprint.
    const deleted = { recordId: "r", fingerprint: "" } as const;
    expect(kinds([deleted], [{ ...entry, state }], { kind: "incremental" })).toEqual(found);
  });

  it.each(["deleted", "purged", "announced"] as const)(
    "does not take a %s document for the one a record should have",
    (state) => {
      expect(kinds([record], [{ ...entry, state }])).toEqual(["missing"]);
      expect(kinds([record], [{ ...entry, id: "other", recordId: "r", state }, entry])).toEqual([]);
    },
  );

  it("reads a tied document again, whatever it should be", () => {
    const tied = { ...entry, tied: true };
    expect(kinds([record], [tied])).toEqual(["ambiguous"]);
    expect(kinds([], [tied])).toEqual(["ambiguous"]);
    expect(kinds([record], [{ ...tied, state: "deleted" }])).toEqual(["ambiguous"]);
    expect(kinds([record], [{ ...tied, state: "purged" }])).toEqual(["missing"]);
  });

  it("does not judge what changed within five seconds of the export, or after it", () => {
    const stale = { ...entry, fingerprint: fingerprintOf("before") };
    expect(kinds([record], [{ ...stale, sourceTime: EXPORT_TIME - 5_000 }])).toEqual(["stale"]);
    for (const sourceTime of [EXPORT_TIME - 4_999, EXPORT_TIME + 60_000]) {
      expect(compare([record], [{ ...stale, sourceTime }])).toEqual({ findings: [], notJudged: 1 });
      expect(compare([record], [{ ...entry, state: "announced", sourceTime }])).toEqual({
        findings: [],
        notJudged: 1,
      });
    }
  });

  it("judges only the records an incremental export lists", () => {
    expect(compare([], [entry], { kind: "incremental" })).toEqual({ findings: [], notJudged: 0 });
    expect(kinds([record], [], { kind: "incremental" })).toEqual(["missing"]);
  });

  it("judges each of a record's documents by itself", () => {
    const one = makeEntry({ id: "r-1", recordId: "r", fingerprint: content });
    const other = makeEntry({ id: "r-2", recordId: "r", fingerprint: fingerprintOf("before") });
    expect(compare([record], [one, other]).findings).toEqual([
      { kind: "stale", id: "r-2", recordId: "r", stage: 1 },
    ]);
  });

  it("finds in an incremental export no more than in a full one, and all of it for records that changed", () => {
    const document = fc.record({
      recordId: fc.constantFrom("a", "b", "c"),
      state: fc.constantFrom("present", "deleted", "omitted", "purged", "announced"),
      fingerprint: fc.nat({ max: 1 }).map(fingerprintOf),
      tied: fc.boolean(),
    });
    const row = fc.record({
      recordId: fc.constantFrom("a", "b", "c"),
      fingerprint: fc.nat({ max: 1 }).map(fingerprintOf),
    });
    const rows = fc.uniqueArray(row, { selector: ({ recordId }) => recordId });
    const documents = fc.array(document, { maxLength: 6 });
    fc.assert(
      fc.property(rows, documents, fc.subarray(["a", "b", "c"]), (all, made, changed) => {
        const entries = made.map((given, seqNo) => makeEntry({ id: `d${seqNo}`, ...given, seqNo }));
        const full = compare(all, entries).findings;
        const listed = changed.map(
          (recordId): RecordRow => ({
            recordId,
            fingerprint: all.find((known) => known.recordId === recordId)?.fingerprint ?? "",
          }),
        );
        const incremental = compare(listed, entries, { kind: "incremental" }).findings;
        const expected = full.filter(({ recordId }) => changed.includes(recordId));
        expect(new Set(incremental)).toEqual(new Set(expected));
      }),
    );
  });
});
