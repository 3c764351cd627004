import fc from "fast-check";
import { distinctFindings, type Finding, survivors } from "../../core/finding.ts";

const finding: fc.Arbitrary<Finding> = fc.record({
  kind: fc.constantFrom("missing", "stale", "orphaned", "altered", "ambiguous"),
  id: fc.constantFrom("a", "b", "c"),
  recordId: fc.constant("r"),
  stage: fc.constantFrom(1, 2),
});
/** As an audit gathers them: of the first stage, then of the second. */
const findings = fc
  .array(finding, { maxLength: 8 })
  .map((all) => all.toSorted((left, right) => left.stage - right.stage));

describe("distinctFindings", () => {
  it("counts every document once, a drift before an ambiguity, what the record says before what the index says", () => {
    fc.assert(
      fc.property(findings, (all) => {
        const distinct = distinctFindings(all);
        expect(distinct.map(({ id }) => id).sort()).toEqual([...new Set(all.map(({ id }) => id))].sort());
        for (const kept of distinct) {
          const own = all.filter(({ id }) => id === kept.id);
          const drifts = own.filter(({ kind }) => kind !== "ambiguous");
          expect(kept).toBe(drifts.length === 0 ? own[0] : drifts[0]);
        }
      }),
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(findings, (all) => {
        expect(distinctFindings(distinctFindings(all))).toEqual(distinctFindings(all));
      }),
    );
  });
});

describe("survivors", () => {
  it("keeps what a second look finds again of the same document, as the first look saw it", () => {
    const first: Finding = { kind: "stale", id: "a", recordId: "r", stage: 1 };
    expect(survivors([first], [{ ...first, stage: 2 }])).toEqual([first]);
    expect(survivors([first], [{ ...first, kind: "missing" }])).toEqual([]);
    expect(survivors([first], [{ ...first, id: "b" }])).toEqual([]);
  });

  it("never adds what only the second look found", () => {
    fc.assert(
      fc.property(findings, findings, (first, second) => {
        const kept = survivors(first, second);
        expect(first).toEqual(expect.arrayContaining([...kept]));
        expect(survivors(first, first)).toEqual(first);
        expect(survivors(first, [])).toEqual([]);
      }),
    );
  });
});
