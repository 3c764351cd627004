import fc from "fast-check";
import {
  judgeHorizon,
  judgePipelineHorizon,
  type PipelineProgress,
  type ShardLook,
  type ShardProgress,
} from "../../core/horizon.ts";

const INSTANT = 1_000_000;
const shard = (look: ShardLook, time?: number): ShardProgress => ({
  shard: "s",
  position: time === undefined ? undefined : { shard: "s", sequence: "1", time },
  look,
});
const judge = (...shards: readonly ShardProgress[]) => judgeHorizon(shards, INSTANT).kind;

describe("the horizon", () => {
  it("is passed by a consumer that is a whole second past the instant, because stream times are cut off", () => {
    expect(judge(shard({ kind: "unknown" }, INSTANT + 1_000))).toBe("passed");
    expect(judge(shard({ kind: "unknown" }, INSTANT + 999))).toBe("waiting");
  });

  it("is passed where the next record was made after it", () => {
    expect(judge(shard({ kind: "record", time: INSTANT + 1_000 }))).toBe("passed");
    expect(judge(shard({ kind: "record", time: INSTANT + 999 }, INSTANT))).toBe("waiting");
  });

  it("is passed by an empty shard only once a late record would have arrived", () => {
    expect(judge(shard({ kind: "empty", at: INSTANT + 60_000 }))).toBe("passed");
    expect(judge(shard({ kind: "empty", at: INSTANT + 59_999 }, INSTANT))).toBe("waiting");
  });

  it("waits for a shard that nothing is known of", () => {
    expect(judge(shard({ kind: "unknown" }))).toBe("waiting");
    expect(judge(shard({ kind: "unknown" }, INSTANT))).toBe("waiting");
  });

  it("is a gap wherever records are gone, named by shard, however far the others came", () => {
    const far = shard({ kind: "empty", at: INSTANT + 90_000 }, INSTANT + 90_000);
    const trimmed = { ...shard({ kind: "trimmed" }, INSTANT + 90_000), shard: "t" };
    expect(judgeHorizon([far, trimmed, shard({ kind: "unknown" })], INSTANT)).toEqual({
      kind: "gap",
      shards: ["t"],
    });
  });

  it("is passed when every shard has passed it, and stays passed for every earlier instant", () => {
    const offset = fc.integer({ min: -100_000, max: 100_000 });
    const look = fc.oneof(
      offset.map((at): ShardLook => ({ kind: "empty", at: INSTANT + at })),
      offset.map((time): ShardLook => ({ kind: "record", time: INSTANT + time })),
      fc.constant<ShardLook>({ kind: "unknown" }),
    );
    const progress = fc
      .tuple(look, fc.option(offset, { nil: undefined }))
      .map(([seen, time]) => shard(seen, time === undefined ? undefined : INSTANT + time));
    fc.assert(
      fc.property(fc.array(progress, { maxLength: 3 }), fc.nat({ max: 100_000 }), (shards, earlier) => {
        const { kind } = judgeHorizon(shards, INSTANT);
        expect(kind === "passed").toBe(shards.every((one) => judge(one) === "passed"));
        if (kind === "passed") expect(judgeHorizon(shards, INSTANT - earlier).kind).toBe("passed");
      }),
    );
  });
});

describe("the horizon of a pipeline", () => {
  /** Twice what the pipeline gathers for, and ten seconds. */
  const PATIENCE = 70_000;
  const progress = (change: Partial<PipelineProgress>): PipelineProgress => ({
    newest: INSTANT + 1_000,
    quietSince: INSTANT + PATIENCE,
    now: INSTANT + PATIENCE,
    collectMillis: 30_000,
    ...change,
  });

  it("is passed when a later change has come out, and what was gathered with it has been told", () => {
    expect(judgePipelineHorizon(progress({}), INSTANT)).toBe("passed");
    expect(judgePipelineHorizon(progress({ now: INSTANT + PATIENCE - 1 }), INSTANT)).toBe("waiting");
  });

  it("waits for a pipeline that still sends what is not a whole second past the instant", () => {
    expect(judgePipelineHorizon(progress({ newest: INSTANT + 999 }), INSTANT)).toBe("waiting");
    expect(judgePipelineHorizon(progress({ newest: undefined }), INSTANT)).toBe("waiting");
  });

  it.each([INSTANT - 900_000, undefined])(
    "is silent when nothing has come out for two gathering times, and the newest was %s",
    (newest) => {
      const now = INSTANT + 500_000;
      const quiet = { newest, now, quietSince: now - PATIENCE };
      expect(judgePipelineHorizon(progress(quiet), INSTANT)).toBe("silent");
      expect(judgePipelineHorizon(progress({ ...quiet, quietSince: now - PATIENCE + 1 }), INSTANT)).toBe(
        "waiting",
      );
    },
  );

  it("waits a quarter of an hour for a silent pipeline that has not sent all the stream holds up to the instant", () => {
    const quietSince = INSTANT + 1_000;
    const silentFor = (millis: number) => progress({ newest: 0, quietSince, now: quietSince + millis });
    expect(judgePipelineHorizon(silentFor(899_999), INSTANT, INSTANT)).toBe("waiting");
    expect(judgePipelineHorizon(silentFor(900_000), INSTANT, INSTANT)).toBe("silent");
    expect(judgePipelineHorizon(silentFor(899_999), INSTANT, INSTANT + 1)).toBe("silent");
  });

  it("stays passed for every earlier instant", () => {
    const any = fc.record({
      newest: fc.option(fc.integer({ min: -100_000, max: 200_000 }), { nil: undefined }),
      quietSince: fc.integer({ min: -100_000, max: 200_000 }),
      now: fc.integer({ min: 0, max: 200_000 }),
      collectMillis: fc.integer({ min: 1_000, max: 60_000 }),
    });
    fc.assert(
      fc.property(any, fc.nat({ max: 100_000 }), (given, earlier) => {
        fc.pre(judgePipelineHorizon(given, 0) === "passed");
        expect(judgePipelineHorizon(given, -earlier)).toBe("passed");
      }),
    );
  });
});
