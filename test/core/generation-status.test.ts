import { type StatusFacts, toGenerationStatus } from "../../core/generation-status.ts";
import { makeGeneration, makeLoad, makeMark } from "../support/generation-controls.ts";

const limits = { maximumLagSeconds: 60, maximumAuditAgeDays: 30 };
const clean = makeGeneration({
  load: makeLoad({ finishedAt: "2026-11-23T00:00:00.000Z" }),
  lastAudit: makeMark(),
  lastCleanAudit: makeMark(),
});
const facts: StatusFacts = {
  generation: clean,
  lagSeconds: 0,
  deadLetters: 0,
  indexIntact: true,
  now: Date.parse("2026-11-25T00:00:00.000Z"),
  documents: 12,
  serves: false,
};
const { lastAudit: _last, lastCleanAudit: _clean, ...unaudited } = clean;
const gap = { cause: "the stream was trimmed", detectedAt: "2026-11-24T00:00:00.000Z" };
const buildFailure = { cause: "the export failed", at: "2026-11-24T00:00:00.000Z" };
const statusOf = (more: Partial<StatusFacts>) => toGenerationStatus({ ...facts, ...more }, limits);

describe("the status of a generation", () => {
  it.each<[string, Partial<StatusFacts>]>([
    ["loading", { generation: makeGeneration() }],
    ["loading", { generation: makeGeneration({ load: makeLoad({ state: "open" }) }) }],
    ["catching-up", { generation: unaudited, lagSeconds: 61 }],
    ["catching-up", { lagSeconds: undefined }],
    ["auditing", { generation: unaudited }],
    ["auditing", { deadLetters: 1 }],
    ["ready", {}],
    ["failed", { generation: { ...clean, gap } }],
    ["failed", { indexIntact: false }],
    ["failed", { generation: { ...unaudited, buildFailure } }],
    ["serving", { serves: true }],
  ])("is %s on its way to serving, case %#", (phase, more) => {
    const status = statusOf(more);
    expect(status.phase).toBe(phase);
    // Whoever does not serve and is not ready is told why.
    expect(status.blockedBy === undefined).toBe(phase === "ready" || phase === "serving");
  });

  it("serves whatever else is wrong, and says what is", () => {
    const status = statusOf({ serves: true, generation: { ...clean, gap, buildFailure }, lagSeconds: 900 });
    expect(status).toMatchObject({ phase: "serving", gap: gap.cause, lagSeconds: 900 });
    expect(status.blockedBy).toMatch(/^a gap was found/);
  });

  it("says of a failed build why it failed, which is more than the gate knows", () => {
    expect(statusOf({ generation: { ...unaudited, buildFailure } }).blockedBy).toBe(
      "the build failed: the export failed",
    );
  });

  it("stays failed after its build has ended, even where the gate has opened since: nobody moves the alias", () => {
    const { phase, blockedBy } = statusOf({ generation: { ...clean, buildFailure } });
    expect({ phase, blockedBy }).toEqual({
      phase: "failed",
      blockedBy: "the build failed: the export failed",
    });
  });

  it("leaves out what is not known or not so, rather than saying zero or never", () => {
    expect(statusOf({ generation: unaudited, lagSeconds: undefined, serves: true })).toEqual({
      generation: "orders-custom-1",
      phase: "serving",
      documents: 12,
      deadLetters: 0,
      blockedBy: "the lag is not known: nothing has been read from the stream yet",
    });
    expect(statusOf({})).toEqual({
      generation: "orders-custom-1",
      phase: "ready",
      documents: 12,
      deadLetters: 0,
      lagSeconds: 0,
      lastCleanAudit: "2026-11-24T01:00:00.000Z",
    });
  });
});
