import fc from "fast-check";
import { type GateFacts, type GateLimits, judgeGate } from "../../core/cutover-gate.ts";
import type { GenerationControl } from "../../core/table-control.ts";
import { makeGeneration, makeLoad, makeMark } from "../support/generation-controls.ts";

const limits: GateLimits = { maximumLagSeconds: 60, maximumAuditAgeDays: 30 };
const loaded = makeGeneration({
  load: makeLoad({ finishedAt: "2026-11-23T00:00:00.000Z" }),
  lastAudit: makeMark(),
  lastCleanAudit: makeMark(),
});
const open: GateFacts = {
  generation: loaded,
  lagSeconds: 0,
  deadLetters: 0,
  indexIntact: true,
  now: Date.parse("2026-11-25T00:00:00.000Z"),
};
const checksOf = (facts: Partial<GateFacts>) =>
  judgeGate({ ...open, ...facts }, limits).map(({ check }) => check);
const reasonOf = (facts: Partial<GateFacts>) => judgeGate({ ...open, ...facts }, limits)[0]?.reason;
const generation = (given: Partial<GenerationControl>) => ({ generation: { ...loaded, ...given } });

describe("the gate of a cutover", () => {
  it("is open where everything was proven", () => {
    expect(judgeGate(open, limits)).toEqual([]);
  });

  it("shuts on a gap, and on an index that is not the one that was filled", () => {
    const gap = { cause: "the stream was trimmed", detectedAt: "2026-11-24" };
    expect(reasonOf(generation({ gap }))).toBe("a gap was found 2026-11-24: the stream was trimmed");
    expect(reasonOf({ indexIntact: false })).toBe(
      "index orders-custom-1 is gone or was replaced behind our back",
    );
  });

  it.each([
    ["has not begun", undefined],
    ["is running", makeLoad({ state: "open" })],
    ["failed", makeLoad({ state: "failed" })],
  ])("shuts while the bulk load %s, and says so", (what, load) => {
    const { load: _none, ...rest } = loaded;
    const facts = { generation: { ...rest, ...(load === undefined ? {} : { load }) } };
    expect(judgeGate({ ...open, ...facts }, limits)[0]).toEqual({
      check: "load",
      reason: `the bulk load ${what}`,
    });
  });

  it("allows lag up to its limit, and takes lag that is not known for too much", () => {
    expect(checksOf({ lagSeconds: 60 })).toEqual([]);
    expect(reasonOf({ lagSeconds: 61 })).toBe("lag is 61 s, the most allowed is 60 s");
    expect(checksOf({ lagSeconds: undefined })).toEqual(["lag"]);
  });

  it("shuts on a single dead letter", () => {
    expect(reasonOf({ deadLetters: 1 })).toBe("1 dead letters are open");
  });

  it("asks for an audit that found it clean, and for no newer one that did not", () => {
    const { lastCleanAudit: _clean, ...rest } = loaded;
    expect(reasonOf({ generation: rest })).toBe("no audit has found it clean yet");
    const newer = makeMark({ run: "run-2", finishedAt: "2026-11-24T02:00:00.000Z" });
    expect(reasonOf(generation({ lastAudit: newer }))).toBe("the newest audit, run-2, did not find it clean");
    const { lastAudit: _last, ...never } = loaded;
    expect(checksOf({ generation: never })).toEqual([]);
  });

  it("believes no audit that compared before the load was over, in the whole seconds DynamoDB keeps", () => {
    const compared = makeMark({ exportTime: "2026-11-24T00:00:05.000Z" });
    const audited = { lastAudit: compared, lastCleanAudit: compared };
    const finished = (finishedAt: string) => generation({ ...audited, load: makeLoad({ finishedAt }) });
    expect(checksOf(finished("2026-11-24T00:00:05.999Z"))).toEqual([]);
    expect(reasonOf(finished("2026-11-24T00:00:06.000Z"))).toBe(
      "the last clean audit is older than the bulk load",
    );
    // Nobody can say that an audit came after a load whose end is not known.
    expect(checksOf(generation({ load: makeLoad() }))).toEqual(["audit"]);
  });

  it("does not believe a clean audit for ever", () => {
    const day = 86_400_000;
    const comparedAt = Date.parse(makeMark().exportTime);
    expect(checksOf({ now: comparedAt + 30 * day })).toEqual([]);
    expect(reasonOf({ now: comparedAt + 30.5 * day })).toBe("the last clean audit is 30.5 days old");
    expect(reasonOf({ now: comparedAt + 31 * day })).toBe("the last clean audit is 31 days old");
  });

  it("names everything that blocks, the gravest first, whatever else is wrong", () => {
    const { lastAudit: _last, lastCleanAudit: _clean, ...unaudited } = loaded;
    const wrongs = {
      gap: { indexIntact: false },
      lag: { lagSeconds: 61 },
      "dead-letters": { deadLetters: 2 },
      audit: { generation: unaudited },
    } as const;
    const names = ["gap", "lag", "dead-letters", "audit"] as const;
    fc.assert(
      fc.property(fc.subarray([...names]), (chosen) => {
        const facts = Object.assign({}, ...chosen.map((name) => wrongs[name]));
        expect(checksOf(facts)).toEqual(chosen);
      }),
    );
  });
});
