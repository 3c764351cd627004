import fc from "fast-check";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { foldEntries, mergeEntries } from "../../core/manifest-fold.ts";
import { fingerprintOf, makeEntry } from "../support/manifest-entries.ts";
import { runs } from "../support/runs.ts";

/** What an index with external versions can have acknowledged: versions never fall as sequence numbers rise. */
const history: fc.Arbitrary<ManifestEntry[]> = fc
  .array(
    fc.record({
      id: fc.constantFrom("a", "b", "c"),
      step: fc.nat({ max: 1 }),
      content: fc.nat({ max: 2 }),
      tied: fc.boolean(),
      term: fc.nat({ max: 1 }),
    }),
    { maxLength: 12 },
  )
  .map((writes) => {
    let version = 1;
    let primaryTerm = 1;
    return writes.map(({ id, step, content, tied, term }, seqNo) => {
      version += step;
      primaryTerm += term;
      return makeEntry({ id, version, seqNo, primaryTerm, tied, fingerprint: fingerprintOf(content) });
    });
  });

describe("foldEntries", () => {
  it("gives the same result in any order, any grouping, and with duplicates", () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), fc.nat({ max: 12 }), (entries, dice, cut) => {
        const shuffled = [...entries, ...entries.slice(0, cut)]
          .map((entry) => ({ entry, at: dice.next().value ?? 0 }))
          .sort((left, right) => left.at - right.at)
          .map(({ entry }) => entry);
        const groups = [shuffled.slice(0, cut), shuffled.slice(cut)];
        const grouped = foldEntries(groups.flatMap((group) => [...foldEntries(group).values()]));
        expect(sorted(grouped)).toEqual(sorted(foldEntries(entries)));
      }),
      runs(500),
    );
  });

  it("lets the later primary term win, whatever the sequence number", () => {
    const before = makeEntry({ primaryTerm: 1, seqNo: 9, version: 5 });
    const after = makeEntry({ primaryTerm: 2, seqNo: 3, version: 6 });
    expect(mergeEntries(before, after)).toBe(after);
    expect(mergeEntries(after, before)).toBe(after);
  });

  it("H1: marks a late bulk of the same version as tied, because nobody can say which content is indexed", () => {
    const b = makeEntry({ version: 7, seqNo: 1, fingerprint: fingerprintOf("b") });
    const c = makeEntry({ version: 7, seqNo: 2, fingerprint: fingerprintOf("c") });
    expect(foldEntries([c, b]).get("a")).toMatchObject({ seqNo: 2, tied: true });
  });

  it("does not call the same content written twice tied", () => {
    const once = makeEntry({ version: 7, seqNo: 1, fingerprint: fingerprintOf("b") });
    const twice = makeEntry({ version: 7, seqNo: 2, fingerprint: fingerprintOf("b") });
    expect(foldEntries([once, twice]).get("a")).toEqual(twice);
  });

  it("forgets a tie when a higher version wins", () => {
    const tied = makeEntry({ version: 7, seqNo: 1, tied: true });
    const later = makeEntry({ version: 8, seqNo: 2 });
    expect(foldEntries([later, tied]).get("a")).toEqual(later);
  });

  it("does not take a purge for other content of its tombstone", () => {
    const tombstone = makeEntry({ version: 7, seqNo: 1, state: "deleted", fingerprint: "" });
    const purge = makeEntry({ version: 7, seqNo: 2, state: "purged", fingerprint: "" });
    expect(foldEntries([purge, tombstone]).get("a")).toEqual(purge);
  });

  it("takes an announcement for less than any acknowledged write, and for no other content of its own", () => {
    const numbers = { seqNo: 0, primaryTerm: 0 };
    const announced = makeEntry({ version: 7, ...numbers, state: "announced", fingerprint: "" });
    const written = makeEntry({ version: 7, seqNo: 2 });
    expect(foldEntries([announced, written]).get("a")).toEqual(written);
    const other = makeEntry({ version: 3, seqNo: 1 });
    expect(foldEntries([announced, other]).get("a")).toEqual(other);
    expect(foldEntries([announced]).get("a")).toEqual(announced);
  });
});

function sorted(folded: Map<string, ManifestEntry>): ManifestEntry[] {
  return [...folded.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}
