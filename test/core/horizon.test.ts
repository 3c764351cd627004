import fc from "fast-check";
import { judgeHorizon, type ShardLook, type ShardProgress } from "../../core/horizon.ts";

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
