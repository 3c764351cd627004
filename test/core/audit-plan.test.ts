import fc from "fast-check";
import { type AuditPlan, chooseKind, judgedFrom } from "../../core/audit-plan.ts";
import { AuditWorld } from "../support/audit-world.ts";
import { makeGeneration, makeMark } from "../support/generation-controls.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-25T12:00:00.000Z");

/** A generation found clean by an audit so long ago, whose last full audit was that one, or this long ago. */
function cleanSince(ageMillis: number, fullAgeMillis = ageMillis) {
  const exportTime = new Date(NOW - ageMillis).toISOString();
  const fullExportTime = new Date(NOW - fullAgeMillis).toISOString();
  return makeGeneration({ lastCleanAudit: makeMark({ exportTime, fullExportTime }) });
}

describe("choosing between a full and an incremental audit", () => {
  it("is full before anything was found clean, when asked for, and while a gap is recorded", () => {
    const gap = { cause: "the stream was trimmed", detectedAt: "2026-11-25T00:00:00.000Z" };
    expect(chooseKind("incremental", makeGeneration(), 30, NOW)).toEqual({ kind: "full" });
    expect(chooseKind("full", cleanSince(HOUR), 30, NOW)).toEqual({ kind: "full" });
    expect(chooseKind("incremental", { ...cleanSince(HOUR), gap }, 30, NOW)).toEqual({ kind: "full" });
  });

  it.each([
    ["too young for the shortest export AWS makes", 13 * MINUTE, "full"],
    ["old enough with the overlap", 14 * MINUTE, "incremental"],
    ["a quarter of an hour old", 15 * MINUTE, "incremental"],
    ["some hours old", 6 * HOUR, "incremental"],
    ["as old as the longest export AWS makes reaches, less the overlap", DAY - MINUTE, "incremental"],
    ["over a day old", DAY + 1_000, "full"],
  ] as const)("after a clean audit that is %s", (_what, age, kind) => {
    expect(chooseKind("auto", cleanSince(age), 30, NOW).kind).toBe(kind);
  });

  it("never asks AWS for a window it refuses, and always looks a minute behind what was found clean", () => {
    const age = fc.integer({ min: 0, max: 2 * DAY });
    fc.assert(
      fc.property(age, fc.nat({ max: 999 }), fc.constantFrom("auto", "incremental"), (ago, millis, asked) => {
        const chosen = chooseKind(asked, cleanSince(ago), 30, NOW + millis);
        if (chosen.kind === "full") return;
        const { from, to } = chosen.window;
        expect(to - from).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(to - from).toBeLessThanOrEqual(DAY);
        expect([from % 1_000, to % 1_000]).toEqual([0, 0]);
        expect(from).toBeLessThanOrEqual(NOW - ago - MINUTE);
        expect(to).toBeLessThanOrEqual(NOW + millis);
      }),
    );
  });

  it("makes every so many days a full one of itself, unless an incremental one is asked for", () => {
    expect(chooseKind("auto", cleanSince(HOUR, 7 * DAY), 7, NOW).kind).toBe("incremental");
    expect(chooseKind("auto", cleanSince(HOUR, 7 * DAY + 1), 7, NOW).kind).toBe("full");
    expect(chooseKind("incremental", cleanSince(HOUR, 90 * DAY), 7, NOW).kind).toBe("incremental");
  });

  it("is full after the transform changed under its revision, so that what the old one made is found", () => {
    const exportTime = new Date(NOW - 6 * HOUR).toISOString();
    const lastCleanAudit = makeMark({ exportTime, transformHash: "0123456789abcdef" });
    expect(chooseKind("auto", makeGeneration({ lastCleanAudit }), 30, NOW).kind).toBe("full");
    expect(chooseKind("incremental", makeGeneration({ lastCleanAudit }), 30, NOW).kind).toBe("full");
  });

  it("is incremental at the schedule a table has where it declares none", () => {
    const exportTime = new Date(NOW - 12 * HOUR).toISOString();
    const clean = makeGeneration({ lastCleanAudit: makeMark({ exportTime }) });
    expect(chooseKind("auto", clean, 30, NOW).kind).toBe("incremental");
  });

  it("takes a clean audit that does not say which full one it builds on for one itself", () => {
    const exportTime = new Date(NOW - 6 * HOUR).toISOString();
    const clean = makeGeneration({ lastCleanAudit: makeMark({ exportTime }) });
    expect(chooseKind("auto", clean, 1, NOW).kind).toBe("incremental");
    expect(chooseKind("auto", clean, 0.2, NOW).kind).toBe("full");
  });
});

describe("from where on a shard is judged", () => {
  const { descriptor } = new AuditWorld();
  const former = makeMark({ shards: [{ shard: 1, seqNo: 41, historyUuid: "history" }] });
  function planWith(more: Partial<AuditPlan>): AuditPlan {
    const [generation] = descriptor.generations;
    if (generation === undefined) throw new RangeError("no generation");
    return { run: "run-2", table: descriptor, generation, kind: "full", startedAt: NOW, rest: [], ...more };
  }

  it("goes on after the last clean audit", () => {
    expect(judgedFrom(planWith({ former }), 1, "history")).toBe(41);
  });

  it.each([
    ["no audit was clean yet", {}, 1, "history"],
    ["the audit saw no such shard", { former }, 2, "history"],
    ["the shard's history is another one", { former }, 1, "other"],
    ["a gap makes all of it doubtful", { former, gap: "the stream was trimmed" }, 1, "history"],
  ] as const)("begins at the beginning where %s", (_why, more, shard, history) => {
    expect(judgedFrom(planWith(more), shard, history)).toBe(-1);
  });
});
