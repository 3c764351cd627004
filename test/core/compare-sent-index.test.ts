import fc from "fast-check";
import type { DocumentRow } from "../../core/audit-rows.ts";
import type { ObservedShard } from "../../core/compare-index.ts";
import { compareSentIndex, idsToLookUp, type SentRules } from "../../core/compare-sent-index.ts";
import type { EntryState, ManifestEntry } from "../../core/manifest-entry.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import { makeEntry } from "../support/manifest-entries.ts";

const SHARD: ObservedShard = { shard: 0, from: -1, checkpoint: 1_000, historyUuid: "h" };
/** Epoch milliseconds. */
const SETTLED = 1_764_000_000_000;
const RULES: SentRules = {
  shards: new Map([[0, SHARD]]),
  shardOf: () => 0,
  settledUntil: SETTLED,
  dueSince: 0,
};
const versionAt = (time: number) => BigInt(time) * 1000n;

function sentAt(time: number, change: Partial<ManifestEntry> = {}): ManifestEntry {
  const version = versionAt(time);
  return makeEntry({ id: "a", version, seqNo: Number(version), sourceTime: time, ...change });
}

function rowAt(time: number, change: Partial<DocumentRow> = {}): DocumentRow {
  return { id: "a", shard: 0, version: String(versionAt(time)), seqNo: 5, primaryTerm: 1, ...change };
}

const compare = (
  documents: readonly DocumentRow[],
  entries: readonly ManifestEntry[],
  change: Partial<SentRules> = {},
) => compareSentIndex(documents, entries, foldEntries(entries), { ...RULES, ...change });
const kinds = (...given: Parameters<typeof compare>) =>
  compare(...given)
    .findings.map(({ kind, id }) => `${kind} ${id}`)
    .sort();

const OLD = SETTLED - 60_000;
const OLDER = SETTLED - 120_000;
const YOUNG = SETTLED + 1;

describe("comparing what was sent with the index", () => {
  it("finds nothing where they agree, and accounts for each document", () => {
    const sent = [sentAt(OLD), sentAt(OLD, { id: "b", state: "deleted", fingerprint: "" })];
    expect(compare([rowAt(OLD)], sent)).toEqual({
      findings: [],
      notJudged: 0,
      expected: { 0: 1 },
      uncertain: {},
    });
  });

  it.each([
    ["was sent and never arrived", [], sentAt(OLD), "missing a"],
    ["is older than what was sent", [rowAt(OLDER)], sentAt(OLD), "stale a"],
    ["is newer than anything that was sent", [rowAt(OLD)], sentAt(OLDER), "altered a"],
    ["outlived its delete", [rowAt(OLDER)], sentAt(OLD, { state: "deleted" }), "orphaned a"],
    ["came back after its delete", [rowAt(OLD)], sentAt(OLDER, { state: "deleted" }), "altered a"],
    ["has a version no time would give", [rowAt(SETTLED * 2)], sentAt(OLD), "altered a"],
    [
      "outlived even the memory of its delete",
      [rowAt(OLD)],
      sentAt(OLDER, { state: "purged" }),
      "orphaned a",
    ],
  ] as const)("finds a document that %s", (_what, documents, entry, found) => {
    expect(kinds(documents, [entry])).toEqual([found]);
  });

  it("finds a document that nobody sent, under its own name", () => {
    const { findings } = compare([rowAt(OLD)], []);
    expect(findings).toEqual([{ kind: "orphaned", id: "a", recordId: "a", stage: 2 }]);
    expect(kinds([rowAt(OLD, { version: "1" })], [])).toEqual(["orphaned a"]);
  });

  it("does not miss what was refused, and leaves the document before it alone", () => {
    const refused = sentAt(OLD, { state: "refused" });
    expect(compare([], [refused])).toMatchObject({ findings: [], expected: {} });
    expect(compare([rowAt(OLDER)], [refused])).toMatchObject({ findings: [], expected: { 0: 1 } });
  });

  it.each([
    ["is not there yet", [], [sentAt(YOUNG)]],
    ["is there in its older state", [rowAt(OLD)], [sentAt(YOUNG)]],
    ["is still there after its delete", [rowAt(OLD)], [sentAt(YOUNG, { state: "deleted" })]],
    ["is there before it was told of", [rowAt(YOUNG)], []],
    ["is there in a newer state than was told of", [rowAt(YOUNG)], [sentAt(OLD)]],
  ] as const)(
    "does not judge what is younger than the look: a document that %s",
    (_what, documents, sent) => {
      expect(kinds(documents, sent)).toEqual([]);
      const { notJudged } = compare(documents, sent);
      expect(notJudged).toBe(documents.length);
    },
  );

  it("counts as uncertain what may or may not have been live", () => {
    expect(compare([], [sentAt(YOUNG)])).toMatchObject({ expected: {}, uncertain: { 0: 1 } });
    const removed = [sentAt(OLD), sentAt(YOUNG, { state: "deleted" })];
    expect(compare([], removed)).toMatchObject({ expected: { 0: 1 }, uncertain: { 0: 1 } });
    const removedAndMade = [...removed, sentAt(YOUNG + 1)];
    expect(compare([], removedAndMade)).toMatchObject({ expected: { 0: 1 }, uncertain: { 0: 1 } });
  });

  it("is certain of a document that was only changed, and leaves out one that was overwritten since the look", () => {
    const changed = [sentAt(OLD), sentAt(YOUNG)];
    expect(compare([rowAt(OLD)], changed)).toMatchObject({ expected: { 0: 1 }, uncertain: {} });
    const overwritten = compare([rowAt(YOUNG, { seqNo: 1_001 })], changed);
    expect(overwritten).toMatchObject({ findings: [], expected: { 0: 0 }, uncertain: {} });
  });

  it("wants a look at what is due and was not listed, in shards that are not listed whole", () => {
    const shards = new Map([[0, { ...SHARD, from: 10 }]]);
    const rules = { ...RULES, shards, dueSince: OLDER };
    const sent = foldEntries([
      sentAt(OLDER, { id: "old" }),
      sentAt(OLD, { id: "listed" }),
      sentAt(OLD, { id: "gone", state: "deleted" }),
      sentAt(OLD, { id: "due" }),
      sentAt(YOUNG, { id: "young" }),
    ]);
    expect(idsToLookUp([rowAt(OLD, { id: "listed" })], sent, rules)).toEqual(["gone", "due"]);
    expect(idsToLookUp([], sent, { ...rules, shards: RULES.shards })).toEqual([]);
  });

  it("misses in a shard that is not listed whole only what was sent since the last clean audit", () => {
    const shards = new Map([[0, { ...SHARD, from: 10 }]]);
    const sent = [sentAt(OLDER, { id: "old" }), sentAt(OLD, { id: "new" })];
    expect(kinds([], sent, { shards, dueSince: OLDER })).toEqual(["missing new"]);
  });

  it("says nothing of shards that were not looked at", () => {
    const shardOf = (id: string) => (id === "a" ? 0 : 1);
    const found = compare([rowAt(OLD, { id: "b", shard: 1 })], [sentAt(OLD, { id: "c" })], { shardOf });
    expect(found).toEqual({ findings: [], notJudged: 0, expected: {}, uncertain: {} });
  });

  it("finds each loss in the right kind and nothing else, and counts to what the index holds", () => {
    const send = fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e"),
      state: fc.constantFrom<EntryState[]>("present", "present", "deleted"),
      fate: fc.constantFrom("arrives", "arrives", "arrives", "is lost", "arrives late"),
    });
    fc.assert(
      fc.property(fc.array(send, { maxLength: 20 }), fc.nat({ max: 5 }), (sends, youngs) => {
        const shardOf = (id: string) => (id < "c" ? 0 : 1);
        const shards = new Map([0, 1].map((shard) => [shard, { ...SHARD, shard }] as const));
        const index = new Map<string, DocumentRow>();
        const entries: ManifestEntry[] = [];
        for (const [place, { id, state, fate }] of sends.entries()) {
          const isYoung = place >= sends.length - youngs;
          const time = isYoung ? SETTLED + 1 + place : SETTLED - 1_000 + place;
          entries.push(sentAt(time, { id, state }));
          // Only what is young may arrive after the look.
          if (fate === "is lost" || (fate === "arrives late" && isYoung)) continue;
          if (state === "deleted") index.delete(id);
          else index.set(id, rowAt(time, { id, shard: shardOf(id), seqNo: place }));
        }
        const lost = new Set<string>(sends.filter(({ fate }) => fate === "is lost").map(({ id }) => id));
        const rows = [...index.values()];
        const { findings, expected, uncertain } = compare(rows, entries, { shards, shardOf });
        const planted = [...foldEntries(entries).values()].flatMap((entry) => whatIsWrong(entry, index));
        expect(findings.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(planted.sort());
        for (const shard of [0, 1]) {
          const live = rows.filter((row) => row.shard === shard).length;
          const ofShard = findings.filter(({ id }) => shardOf(id) === shard);
          const missing = ofShard.filter(({ kind }) => kind === "missing").length;
          const off = Math.abs(live + missing - (expected[shard] ?? 0));
          // A loss that something younger covers is not judged; the count may tell of it all the same.
          const covered = [...foldEntries(entries).values()].filter(
            ({ id, sourceTime }) => shardOf(id) === shard && sourceTime > SETTLED && lost.has(id),
          );
          expect(off).toBeLessThanOrEqual((uncertain[shard] ?? 0) + covered.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What an audit should say of the last thing that was sent of a document, told from versions alone. */
function whatIsWrong(entry: ManifestEntry, index: ReadonlyMap<string, DocumentRow>): readonly string[] {
  if (entry.sourceTime > SETTLED) return [];
  const row = index.get(entry.id);
  if (entry.state === "deleted") return row === undefined ? [] : [`orphaned ${entry.id}`];
  if (row === undefined) return [`missing ${entry.id}`];
  return BigInt(row.version) === entry.version ? [] : [`stale ${entry.id}`];
}
