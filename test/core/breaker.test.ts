import fc from "fast-check";
import { type BreakerFacts, judgeBreaker } from "../../core/breaker.ts";

const limits = { share: 0.01, minimumCount: 100 };
const calm: BreakerFacts = {
  kind: "full",
  drift: 0,
  records: 100_000,
  manifestDocuments: 100_000,
  formerRecords: 100_000,
  gap: undefined,
};
const judge = (facts: Partial<BreakerFacts>) => judgeBreaker({ ...calm, ...facts }, limits);

describe("the breaker", () => {
  it("stays closed while nothing is wrong", () => {
    expect(judge({})).toEqual({ state: "closed" });
  });

  it("opens above the share, not at it", () => {
    expect(judge({ drift: 1_000 }).state).toBe("closed");
    expect(judge({ drift: 1_001 })).toEqual({
      state: "open",
      reason: "1001 of 100000 documents drifted (1.0 %), the limit is 1 %",
    });
  });

  it("says the limit as it was set, not as doubles multiply it", () => {
    const { reason } = judgeBreaker({ ...calm, drift: 9_000 }, { share: 0.07, minimumCount: 1 });
    expect(reason).toMatch(/the limit is 7 %$/);
  });

  it("lets a few drifts pass in a table of any size", () => {
    expect(judge({ drift: 99, records: 100, manifestDocuments: 100, formerRecords: 100 }).state).toBe(
      "closed",
    );
    expect(judge({ drift: 100, records: 100, manifestDocuments: 100, formerRecords: 100 }).state).toBe(
      "open",
    );
  });

  it("measures the share against the larger side, so that one side being small makes no landslide", () => {
    expect(judge({ drift: 900, records: 0, kind: "incremental" }).state).toBe("closed");
    expect(judge({ drift: 900, manifestDocuments: 0 }).state).toBe("closed");
    expect(judge({ drift: 100, records: 0, manifestDocuments: 0, formerRecords: 0 }).state).toBe("open");
  });

  it("opens on an empty export while the manifest knows documents, however few they are", () => {
    expect(judge({ records: 0, manifestDocuments: 1, formerRecords: undefined })).toEqual({
      state: "open",
      reason: "the export is empty, the manifest knows 1 documents",
    });
    expect(judge({ records: 0, manifestDocuments: 0, formerRecords: undefined }).state).toBe("closed");
  });

  it("opens on an export with less than half of the last one's records, unless the table is small", () => {
    expect(judge({ records: 49_999 })).toMatchObject({
      state: "open",
      reason: "the export has 49999 records, the last full one had 100000",
    });
    expect(judge({ records: 50_000 }).state).toBe("closed");
    expect(judge({ records: 49, formerRecords: 100 }).state).toBe("open");
    expect(judge({ records: 49, formerRecords: 99 }).state).toBe("closed");
    expect(judge({ records: 1, formerRecords: undefined }).state).toBe("closed");
  });

  it("expects few or no records of an incremental export", () => {
    expect(judge({ kind: "incremental", records: 0 }).state).toBe("closed");
    expect(judge({ kind: "incremental", records: 3 }).state).toBe("closed");
  });

  it("always opens on a gap, and says that first", () => {
    expect(judge({ gap: "the stream was trimmed", drift: 5_000 })).toEqual({
      state: "open",
      reason: "a gap was recorded: the stream was trimmed",
    });
  });

  it("never closes again because there is more drift", () => {
    const count = fc.nat({ max: 300_000 });
    const facts = fc.record({
      kind: fc.constantFrom("full" as const, "incremental" as const),
      drift: count,
      records: count,
      manifestDocuments: count,
      formerRecords: fc.option(count, { nil: undefined }),
      gap: fc.constantFrom(undefined, "a gap"),
    });
    fc.assert(
      fc.property(facts, fc.nat({ max: 1_000 }), (less, added) => {
        const more = judgeBreaker({ ...less, drift: less.drift + added }, limits);
        if (judgeBreaker(less, limits).state === "open") expect(more.state).toBe("open");
        expect(more.reason === undefined).toBe(more.state === "closed");
      }),
    );
  });
});
