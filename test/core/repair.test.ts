import type { Finding } from "../../core/finding.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { parseReindexRequests } from "../../core/parse-reindex-request.ts";
import { isRepaired, toReindexRequests } from "../../core/repair.ts";
import { makeEntry } from "../support/manifest-entries.ts";

const finding: Finding = { kind: "stale", id: "d", recordId: "r", stage: 1 };
const ASKED_AT = 5_000;

describe("the requests that repair findings", () => {
  it("are one a document, named anew, which the consumer can read", () => {
    const ambiguous: Finding = { ...finding, kind: "ambiguous", id: "e" };
    let names = 0;
    const requests = toReindexRequests([finding, ambiguous], "run-1", ASKED_AT, () => `name-${++names}`);
    const common = { recordId: "r", attempt: 1, notBefore: ASKED_AT, auditRun: "run-1" };
    expect(requests).toEqual([
      { requestId: "name-1", reason: "drift", documentId: "d", ...common },
      { requestId: "name-2", reason: "ambiguous", documentId: "e", ...common },
    ]);
    for (const request of requests) expect(parseReindexRequests(JSON.stringify(request))).toEqual([request]);
  });
});

describe("a repair", () => {
  const own = makeEntry({ id: "d", recordId: "r", version: 7, seqNo: 3, sourceTime: ASKED_AT });
  const live = { version: "7", seqNo: 3 };
  const isDone = (winners: readonly ManifestEntry[], seen: typeof live | undefined = live) =>
    isRepaired(finding, winners, seen, ASKED_AT, "custom");

  it("is done when the index holds the very write that the manifest has since it was asked for", () => {
    expect(isDone([own])).toBe(true);
    expect(isDone([{ ...own, state: "deleted" }])).toBe(true);
    // A document may have become another record's.
    expect(isDone([{ ...own, recordId: "other" }])).toBe(true);
  });

  it.each([
    ["nothing was written since", [{ ...own, sourceTime: ASKED_AT - 1 }], live],
    ["nobody knows the document", [], live],
    ["what was written is a tie", [{ ...own, tied: true }], live],
    [
      "only another record was written",
      [makeEntry({ id: "x", recordId: "x", sourceTime: ASKED_AT })],
      undefined,
    ],
    ["the index holds another write", [own], { ...live, seqNo: 4 }],
    ["the index holds another version", [own], { ...live, version: "8" }],
  ])("is not done where %s", (_why, winners, seen) => {
    expect(isDone(winners, seen)).toBe(false);
  });

  it("is not done where the index holds nothing of what was written", () => {
    expect(isRepaired(finding, [own], undefined, ASKED_AT, "custom")).toBe(false);
  });

  it("of a document that was purged is done when the index has none", () => {
    expect(isRepaired(finding, [{ ...own, state: "purged" }], undefined, ASKED_AT, "custom")).toBe(true);
    expect(isDone([{ ...own, state: "purged" }])).toBe(false);
  });

  it("is not seen in an announcement, which says that nothing was written yet", () => {
    const announced = makeEntry({ id: "r#1", recordId: "r", sourceTime: ASKED_AT, state: "announced" });
    expect(isRepaired(finding, [announced], undefined, ASKED_AT, "custom")).toBe(false);
    // A stale document that manifest and index agree about is no more repaired by it.
    expect(isDone([{ ...own, sourceTime: 1 }, announced])).toBe(false);
    expect(isDone([own, announced])).toBe(true);
  });

  it("of a document the record no longer makes is seen by the record's other documents", () => {
    const other = makeEntry({ id: "other", recordId: "r", sourceTime: ASKED_AT });
    expect(isRepaired(finding, [other], undefined, ASKED_AT, "custom")).toBe(true);
    expect(isDone([other])).toBe(false);
    // The document's own state may be older, as long as the record was read again since.
    expect(isDone([{ ...own, sourceTime: 1 }, other])).toBe(true);
  });
});

describe("a repair of a managed generation", () => {
  const own = makeEntry({ id: "d", recordId: "d", version: 7, seqNo: 7, sourceTime: ASKED_AT });
  const ofDocument: Finding = { ...finding, recordId: "d" };
  const isDone = (state: ManifestEntry["state"], seen: { version: string; seqNo: number } | undefined) =>
    isRepaired(ofDocument, [{ ...own, state }], seen, ASKED_AT, "managed");

  it("is done when the index holds the version, whatever sequence number it got", () => {
    expect(isDone("present", { version: "7", seqNo: 3 })).toBe(true);
    expect(isDone("present", { version: "8", seqNo: 7 })).toBe(false);
    expect(isDone("present", undefined)).toBe(false);
  });

  it("of a record that is gone is done when the index has nothing, not even a tombstone", () => {
    expect(isDone("deleted", undefined)).toBe(true);
    expect(isDone("deleted", { version: "7", seqNo: 7 })).toBe(false);
  });

  it("is not done where the index holds a document that was refused", () => {
    expect(isDone("refused", { version: "6", seqNo: 2 })).toBe(false);
    expect(isDone("refused", undefined)).toBe(true);
  });
});
