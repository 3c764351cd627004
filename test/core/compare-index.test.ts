import fc from "fast-check";
import type { DocumentRow } from "../../core/audit-rows.ts";
import { compareIndex, type ObservedShard } from "../../core/compare-index.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { makeEntry } from "../support/manifest-entries.ts";

const SHARD: ObservedShard = { shard: 0, from: -1, checkpoint: 100, historyUuid: "history" };

/** The document a write leaves in the index. */
function rowOf(
  { id, version, seqNo, primaryTerm }: ManifestEntry,
  given: Partial<DocumentRow> = {},
): DocumentRow {
  return { id, shard: 0, version: String(version), seqNo, primaryTerm, ...given };
}

function compare(documents: readonly DocumentRow[], entries: readonly ManifestEntry[], shard = SHARD) {
  return compareIndex(documents, entries, new Map([[0, shard]]), () => 0);
}

const kinds = (documents: readonly DocumentRow[], entries: readonly ManifestEntry[], shard = SHARD) =>
  compare(documents, entries, shard).findings.map(({ kind, id }) => `${kind} ${id}`);

const entry = makeEntry({ id: "a", recordId: "r", version: 7, seqNo: 5 });

describe("comparing the manifest with the index", () => {
  it("finds nothing where the index holds the very write", () => {
    expect(compare([rowOf(entry)], [entry])).toEqual({
      findings: [],
      notJudged: 0,
      expected: { 0: 1 },
      uncertain: {},
    });
  });

  it("names the record of what it finds, or the document itself where nobody knows the record", () => {
    expect(compare([], [entry]).findings).toEqual([{ kind: "missing", id: "a", recordId: "r", stage: 2 }]);
    expect(compare([rowOf(entry)], []).findings).toEqual([
      { kind: "orphaned", id: "a", recordId: "a", stage: 2 },
    ]);
  });

  it.each([
    ["with its number and another version", { version: "8" }, "altered a"],
    ["written again under another version", { version: "8", seqNo: 9 }, "altered a"],
    ["of the same version, written again by somebody", { seqNo: 9 }, "ambiguous a"],
    ["with its number under another primary", { primaryTerm: 2 }, "ambiguous a"],
  ])("tells of a document %s", (_what, given, found) => {
    expect(kinds([rowOf(entry, given)], [entry])).toEqual([found]);
  });

  it("does not judge a document whose newest write the manifest knows of came after the look", () => {
    const later = makeEntry({ id: "a", version: 8, seqNo: 101 });
    expect(compare([rowOf(entry)], [entry, later])).toEqual({
      findings: [],
      notJudged: 1,
      expected: { 0: 1 },
      uncertain: {},
    });
  });

  it("leaves a document alone that was overwritten since the look, and does not count on it", () => {
    const later = makeEntry({ id: "a", version: 8, seqNo: 101 });
    const expected = { 0: 0 };
    expect(compare([rowOf(later)], [entry, later])).toEqual({
      findings: [],
      notJudged: 0,
      expected,
      uncertain: {},
    });
    // The manifest may not have heard of the later write yet.
    expect(compare([rowOf(later)], [entry])).toEqual({ findings: [], notJudged: 0, expected, uncertain: {} });
    expect(compare([rowOf(later)], [later])).toEqual({
      findings: [],
      notJudged: 0,
      expected: {},
      uncertain: {},
    });
  });

  it("finds a document that outlived its purge, and one that lives though it was only announced", () => {
    const tombstone = makeEntry({ id: "a", version: 7, seqNo: 5, state: "deleted", fingerprint: "" });
    const purge = makeEntry({ id: "a", version: 7, seqNo: 6, state: "purged", fingerprint: "" });
    expect(kinds([rowOf(tombstone)], [tombstone, purge])).toEqual(["orphaned a"]);
    const numbers = { seqNo: 0, primaryTerm: 0, state: "announced", fingerprint: "" } as const;
    const announced = makeEntry({ id: "a", version: 7, ...numbers });
    expect(kinds([rowOf(entry)], [announced])).toEqual(["ambiguous a"]);
    expect(kinds([rowOf(entry, { version: "8" })], [announced])).toEqual(["altered a"]);
  });

  it("misses present documents as drift, tombstones to be safe, and what was purged or announced not at all", () => {
    const of = (state: ManifestEntry["state"]) => makeEntry({ id: state, seqNo: 5, state });
    const all = (["present", "deleted", "omitted", "purged", "announced"] as const).map(of);
    expect(kinds([], all)).toEqual(["missing present", "ambiguous deleted", "ambiguous omitted"]);
  });

  it("judges only what was written above the last clean audit, up to the look", () => {
    const entries = [10, 11, 100, 101].map((seqNo) => makeEntry({ id: `at ${seqNo}`, seqNo }));
    expect(kinds([], entries, { ...SHARD, from: 10 })).toEqual(["missing at 11", "missing at 100"]);
  });

  it("says nothing of shards that were not looked at", () => {
    const shards = new Map([[0, SHARD]]);
    const elsewhere = makeEntry({ id: "b", seqNo: 200 });
    const found = compareIndex([rowOf(elsewhere, { shard: 1 })], [entry, elsewhere], shards, (id) =>
      id === "a" ? 0 : 1,
    );
    expect(found).toEqual({
      findings: [{ kind: "missing", id: "a", recordId: "r", stage: 2 }],
      notJudged: 0,
      expected: { 0: 1 },
      uncertain: {},
    });
  });

  it("expects of a shard exactly what it holds at the look, but for what is missing", () => {
    const write = fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e"),
      state: fc.constantFrom("present" as const, "deleted" as const, "purged" as const),
      fate: fc.constantFrom("known" as const, "known" as const, "swallowed" as const, "lost" as const),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 14 }), fc.nat({ max: 14 }), (writes, at) => {
        const checkpoint = at - 1;
        const shardOf = (id: string) => (id < "c" ? 0 : 1);
        const shards = new Map([0, 1].map((shard) => [shard, { ...SHARD, shard, checkpoint }] as const));
        const heldAtLook = new Map<string, ManifestEntry>();
        const heldNow = new Map<string, ManifestEntry>();
        const entries: ManifestEntry[] = [];
        for (const [seqNo, { id, state, fate }] of writes.entries()) {
          const made = makeEntry({ id, state, seqNo, version: seqNo + 1 });
          if (fate !== "swallowed") entries.push(made);
          if (fate === "lost") continue;
          for (const held of seqNo <= checkpoint ? [heldAtLook, heldNow] : [heldNow]) {
            if (state === "purged") held.delete(id);
            else held.set(id, made);
          }
        }
        // A document deleted since the look is in its point in time all the same.
        const listed = new Map([...heldAtLook, ...heldNow]);
        const rows = [...listed.values()].map((one) => rowOf(one, { shard: shardOf(one.id) }));
        const { findings, expected } = compareIndex(rows, entries, shards, shardOf);
        for (const shard of [0, 1]) {
          const live = rows.filter((row) => row.shard === shard && row.seqNo <= checkpoint).length;
          const missing = knownButUnheld(entries, listed, checkpoint).filter((id) => shardOf(id) === shard);
          expect(expected[shard] ?? 0).toBe(live + missing.length);
        }
        expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
      }),
    );
  });
});

/** Documents live at the look by the manifest that the index does not list. */
function knownButUnheld(
  entries: readonly ManifestEntry[],
  listed: ReadonlyMap<string, ManifestEntry>,
  checkpoint: number,
): string[] {
  const last = new Map<string, ManifestEntry>();
  for (const entry of entries) if (entry.seqNo <= checkpoint) last.set(entry.id, entry);
  return [...last.values()]
    .filter(({ id, state }) => state !== "purged" && !listed.has(id))
    .map(({ id }) => id);
}
