import fc from "fast-check";
import { judgeConnector, judgePartitions, type LogPartition } from "../../core/log-horizon.ts";
import type { SourcePosition } from "../../core/manifest-entry.ts";

const at = (shard: string, offset: number | bigint): SourcePosition => ({
  shard,
  sequence: String(offset),
  time: 0,
});
const partition = (shard: string, earliest: number, end: number): LogPartition => ({
  shard,
  earliest: BigInt(earliest),
  end: BigInt(end),
});
const endsOf = (partitions: readonly LogPartition[]) =>
  new Map(partitions.map(({ shard, end }) => [shard, end]));

describe("the connector, beside a watermark", () => {
  it("has passed it once the slot confirms it, and not while it stands still", () => {
    expect(judgeConnector({ kind: "reading", confirmedLsn: 10n }, 10n, false).kind).toBe("passed");
    expect(judgeConnector({ kind: "reading", confirmedLsn: 9n }, 10n, false).kind).toBe("waiting");
    expect(judgeConnector({ kind: "standing" }, 10n, false).kind).toBe("waiting");
  });

  it("is a gap when its slot is lost, and is not waited for once that is known", () => {
    const lost = { kind: "lost", cause: "the slot is gone" } as const;
    expect(judgeConnector(lost, 10n, false)).toEqual({ kind: "gap", cause: "the slot is gone" });
    expect(judgeConnector(lost, 10n, true).kind).toBe("passed");
  });
});

describe("the partitions of a topic", () => {
  const two = [partition("t-0", 0, 3), partition("t-1", 0, 0)];
  const judge = (now: readonly LogPartition[], ...positions: readonly SourcePosition[]) =>
    judgePartitions(endsOf(now), now, positions, false);

  it("are passed when the last record before every end was dealt with, and an empty one at once", () => {
    expect(judge(two, at("t-0", 2)).kind).toBe("passed");
    expect(judge(two, at("t-0", 1)).kind).toBe("waiting");
  });

  it("are not passed where records are and no position is known", () => {
    expect(judge(two).kind).toBe("waiting");
    expect(judge([partition("t-0", 5, 5)]).kind).toBe("passed");
  });

  it("do not wait for what came after the ends were read", () => {
    const later = [partition("t-0", 0, 300), partition("t-1", 0, 9), partition("t-2", 0, 1)];
    expect(judgePartitions(endsOf(two), later, [at("t-0", 2)], false).kind).toBe("passed");
  });

  it("are a gap where Kafka forgot what follows a position", () => {
    expect(judge([partition("t-0", 4, 9)], at("t-0", 2))).toMatchObject({ kind: "gap" });
    expect(judge([partition("t-0", 3, 9)], at("t-0", 2)).kind).toBe("waiting");
    expect(judge([partition("t-0", 9, 9)], at("t-0", 2)).kind).toBe("gap");
  });

  it("are a gap where a position lies past the end, or its partition is gone: another topic of the same name", () => {
    expect(judge([partition("t-0", 0, 2)], at("t-0", 2))).toMatchObject({ kind: "gap" });
    expect(judge([partition("t-0", 0, 2)], at("t-0", 1), at("t-7", 1))).toMatchObject({ kind: "gap" });
  });

  it("go on from the oldest record that is left once a gap is known", () => {
    const trimmed = [partition("t-0", 4, 6)];
    const judgeKnown = (...positions: readonly SourcePosition[]) =>
      judgePartitions(endsOf(trimmed), trimmed, positions, true).kind;
    expect(judgeKnown(at("t-0", 1))).toBe("waiting");
    expect(judgeKnown(at("t-0", 5))).toBe("passed");
    expect(
      judgePartitions(endsOf([partition("t-0", 6, 6)]), [partition("t-0", 6, 6)], [at("t-0", 1)], true),
    ).toEqual({
      kind: "passed",
    });
  });

  it("are never passed while a record before the ends was neither dealt with nor forgotten by a known gap", () => {
    const offsets = fc.record({
      earliest: fc.nat(6),
      held: fc.nat(6),
      read: fc.option(fc.nat(14), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(offsets, { maxLength: 4 }), fc.boolean(), (all, isGapKnown) => {
        const now = all.map(({ earliest, held }, place) =>
          partition(`t-${place}`, earliest, earliest + held),
        );
        const positions = all.flatMap(({ read }, place) =>
          read === undefined ? [] : [at(`t-${place}`, read)],
        );
        const verdict = judgePartitions(endsOf(now), now, positions, isGapKnown).kind;
        const unread = all.some(({ earliest, held, read = -1 }) => {
          const last = earliest + held - 1;
          return held > 0 && read < last;
        });
        if (unread) expect(verdict).not.toBe("passed");
      }),
    );
  });
});
