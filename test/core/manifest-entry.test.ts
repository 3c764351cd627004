import { type EntryState, isAbsent } from "../../core/manifest-entry.ts";

describe("a document", () => {
  it.each<[EntryState, boolean]>([
    ["present", false],
    // Tombstones are documents until they are purged.
    ["deleted", false],
    ["omitted", false],
    ["purged", true],
    // Whoever announced it may have died before it was written.
    ["announced", true],
  ])("that is %s may be wanting in the index: %p", (state, absent) => {
    expect(isAbsent(state)).toBe(absent);
  });
});
