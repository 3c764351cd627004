import type { StreamMapping } from "../../../../local/stand-ins/stream-mapping/declaration.ts";
import { nextStep, type Step } from "../../../../local/stand-ins/stream-mapping/next-step.ts";
import type { Outcome } from "../../../../local/stand-ins/stream-mapping/read-answer.ts";
import {
  afterAnswer,
  afterDiscard,
  afterRead,
  afterWindowClosed,
  beginShard,
  type ShardProgress,
} from "../../../../local/stand-ins/stream-mapping/shard-progress.ts";
import type { ShardRecord } from "../../../../local/stand-ins/stream-mapping/shard-record.ts";
import { mappingOf, numbersOf, recordOf, recordsOf } from "./shard-fixtures.ts";

const NOW = 1_000_000;
const done: Outcome = { kind: "succeeded", state: {} };
const failed: Outcome = { kind: "failed", reason: "no", functionError: true };
const missed: Outcome = { kind: "not-invoked", reason: "throttled" };
const partly = (settled: number): Outcome => ({ kind: "partly", settled, state: {}, reason: "part" });

/** One shard, step by step: what is to be done next, and what came of it. */
class Shard {
  progress: ShardProgress;
  now = NOW;
  readonly #mapping: StreamMapping;

  constructor(mapping: StreamMapping, records: readonly ShardRecord[], ended = false) {
    this.#mapping = mapping;
    this.progress = afterRead(beginShard(mapping, NOW), records, ended);
  }

  next(): Step {
    const { progress, step } = nextStep(this.progress, this.#mapping, this.now);
    this.progress = progress;
    return step;
  }

  /** Sends what is next. @returns the numbers of the records that were sent */
  answer(outcome: Outcome): readonly number[] {
    const step = this.next();
    if (step.kind !== "send") throw new Error(`next is ${step.kind}`);
    this.progress = afterAnswer(this.progress, outcome, step.window, this.#mapping, this.now);
    return numbersOf(step.batch.records);
  }
}

describe("a shard's next step", () => {
  it("is to read when nothing is there, and to end when the shard has ended", () => {
    expect(new Shard(mappingOf(), []).next()).toEqual({ kind: "read" });
    expect(new Shard(mappingOf(), [], true).next()).toEqual({ kind: "end" });
  });

  it("after success is the next batch, and the position has moved", () => {
    const shard = new Shard(mappingOf({ BatchSize: 2 }), recordsOf(3));
    expect([shard.answer(done), shard.progress.lastSettled]).toEqual([[1, 2], "2"]);
    expect([shard.answer(done), shard.progress.lastSettled]).toEqual([[3], "3"]);
    expect(shard.next()).toEqual({ kind: "read" });
  });

  it("after a failure is the same batch, without end when retries have none", () => {
    const shard = new Shard(mappingOf(), recordsOf(2));
    for (let round = 0; round < 50; round += 1) expect(shard.answer(failed)).toEqual([1, 2]);
    expect(shard.progress).toMatchObject({ lastSettled: undefined, failuresInARow: 50, lastError: "no" });
  });

  it("after a partial failure begins at the failed record, before anything new", () => {
    const shard = new Shard(mappingOf({ BatchSize: 3 }), recordsOf(5));
    expect([shard.answer(partly(1)), shard.progress.lastSettled]).toEqual([[1, 2, 3], "1"]);
    expect(shard.answer(done)).toEqual([2, 3]);
    expect(shard.answer(done)).toEqual([4, 5]);
  });

  it("gives a batch up when it was retried as often as declared", () => {
    const shard = new Shard(mappingOf({ MaximumRetryAttempts: 2, BatchSize: 2 }), recordsOf(3));
    for (let round = 0; round < 3; round += 1) expect(shard.answer(failed)).toEqual([1, 2]);
    expect(shard.next()).toMatchObject({ kind: "discard", condition: "RetryAttemptsExhausted" });
    shard.progress = afterDiscard(shard.progress, 2);
    expect([shard.answer(done), shard.progress.lastSettled]).toEqual([[3], "3"]);
  });

  it("gives the rest of a partial failure up at once when no retry is allowed", () => {
    const shard = new Shard(mappingOf({ MaximumRetryAttempts: 0 }), recordsOf(3));
    shard.answer(partly(1));
    const step = shard.next();
    expect(step.kind === "discard" && numbersOf(step.records)).toEqual([2, 3]);
  });

  it("counts no throttled invocation as a failure of the batch", () => {
    const shard = new Shard(mappingOf({ MaximumRetryAttempts: 0 }), recordsOf(1));
    for (let round = 0; round < 20; round += 1) expect(shard.answer(missed)).toEqual([1]);
    expect(shard.answer(done)).toEqual([1]);
  });

  it("after a failure is the first half where bisecting is declared, and splitting uses up no retry", () => {
    const shard = new Shard(
      mappingOf({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 }),
      recordsOf(5),
    );
    expect(shard.answer(failed)).toEqual([1, 2, 3, 4, 5]);
    expect(shard.answer(failed)).toEqual([1, 2, 3]);
    expect(shard.answer(done)).toEqual([1, 2]);
    expect(shard.answer(failed)).toEqual([3]);
    const step = shard.next();
    expect(step.kind === "discard" && numbersOf(step.records)).toEqual([3]);
    shard.progress = afterDiscard(shard.progress, 1);
    expect(shard.answer(done)).toEqual([4, 5]);
  });

  it("after a partial failure cuts there and not in halves where bisecting is declared", () => {
    const shard = new Shard(
      mappingOf({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 }),
      recordsOf(4),
    );
    shard.answer(partly(1));
    expect(shard.answer(done)).toEqual([2, 3, 4]);
  });

  it("gives up records that are too old, and only those, before they are sent", () => {
    const records = [recordOf(1, 900), recordOf(2, 930), recordOf(3, 990)];
    const shard = new Shard(mappingOf({ MaximumRecordAgeInSeconds: 60 }), records);
    const step = shard.next();
    expect(step).toMatchObject({ kind: "discard", condition: "RecordAgeExceeded" });
    expect(step.kind === "discard" && numbersOf(step.records)).toEqual([1, 2]);
    shard.progress = afterDiscard(shard.progress, 2);
    expect(shard.answer(done)).toEqual([3]);
  });

  it("keeps records without a declared age as long as the stream does: 24 hours", () => {
    const shard = new Shard(mappingOf(), recordsOf(1));
    shard.now = 1_000_000 + 24 * 3_600_000;
    expect(shard.next()).toMatchObject({ kind: "send" });
    shard.now += 1;
    expect(shard.next()).toMatchObject({ kind: "discard", condition: "RecordAgeExceeded" });
  });
});

describe("a batching window", () => {
  const mapping = mappingOf({ MaximumBatchingWindowInSeconds: 5, BatchSize: 3 });

  it("gathers until it is over, or the batch is full, or the shard ends", () => {
    const shard = new Shard(mapping, recordsOf(2));
    shard.now = NOW + 4_999;
    expect(shard.next()).toEqual({ kind: "read" });
    shard.now = NOW + 5_000;
    expect(shard.next()).toMatchObject({ kind: "send" });
    expect(new Shard(mapping, recordsOf(3)).next()).toMatchObject({ kind: "send" });
    expect(new Shard(mapping, recordsOf(2), true).next()).toMatchObject({ kind: "send" });
  });

  it("begins again when the invocation is over, or when it passed without a record", () => {
    const shard = new Shard(mapping, recordsOf(4));
    shard.answer(done);
    expect(shard.next()).toEqual({ kind: "read" });
    const idle = new Shard(mapping, []);
    idle.now = NOW + 7_000;
    idle.next();
    idle.progress = afterRead(idle.progress, recordsOf(1), false);
    idle.now = NOW + 11_999;
    expect(idle.next()).toEqual({ kind: "read" });
    idle.now = NOW + 12_000;
    expect(idle.next()).toMatchObject({ kind: "send" });
  });

  it("makes no failed batch wait", () => {
    const shard = new Shard(mapping, recordsOf(3));
    shard.answer(failed);
    expect(shard.answer(done)).toEqual([1, 2, 3]);
  });
});

describe("a tumbling window", () => {
  const mapping = mappingOf({ TumblingWindowInSeconds: 60 });
  const sum = (state: unknown): Outcome => ({ kind: "succeeded", state });

  it("begins empty and passes on what the function returned", () => {
    const shard = new Shard(mapping, [recordOf(1, 1_000)]);
    const window = { startSeconds: 960, endSeconds: 1_020 };
    expect(shard.next()).toMatchObject({ kind: "send", window: { ...window, state: {} } });
    shard.answer(sum({ sum: 1 }));
    shard.progress = afterRead(shard.progress, [recordOf(2, 1_019)], false);
    expect(shard.next()).toMatchObject({ kind: "send", window: { ...window, state: { sum: 1 } } });
  });

  it("keeps its state over a failure", () => {
    const shard = new Shard(mapping, [recordOf(1)]);
    shard.answer(sum(1));
    shard.progress = afterRead(shard.progress, [recordOf(2)], false);
    shard.answer(failed);
    expect(shard.next()).toMatchObject({ kind: "send", window: { state: 1 } });
  });

  it("is closed before the first record of the next one is sent, for as long as that takes", () => {
    const shard = new Shard(mapping, [recordOf(1, 1_000), recordOf(2, 1_020)]);
    expect(shard.answer(sum({ sum: 1 }))).toEqual([1]);
    const close = { kind: "close-window", early: false, window: { startSeconds: 960, state: { sum: 1 } } };
    for (let round = 0; round < 5; round += 1) {
      expect(shard.next()).toMatchObject(close);
      shard.progress = afterWindowClosed(shard.progress, failed);
    }
    shard.progress = afterWindowClosed(shard.progress, done);
    expect(shard.next()).toMatchObject({ kind: "send", window: { startSeconds: 1_020, state: {} } });
  });

  it("without another record is closed once it is over and was quiet for two minutes", () => {
    const shard = new Shard(mapping, [recordOf(1, 1_019)]);
    shard.now = 1_019_500;
    shard.answer(sum(1));
    shard.now = 1_139_499;
    expect(shard.next()).toEqual({ kind: "read" });
    shard.now = 1_139_500;
    expect(shard.next()).toMatchObject({ kind: "close-window" });
  });

  it("is closed when its shard ends", () => {
    const shard = new Shard(mapping, [recordOf(1)], true);
    shard.answer(sum(1));
    expect(shard.next()).toMatchObject({ kind: "close-window", early: false });
    shard.progress = afterWindowClosed(shard.progress, done);
    expect(shard.next()).toEqual({ kind: "end" });
  });

  it("is terminated early when its state is over 1 MB, and goes on with an empty one", () => {
    const shard = new Shard(mapping, [recordOf(1)]);
    shard.answer(sum("x".repeat(1024 * 1024)));
    expect(shard.next()).toMatchObject({ kind: "close-window", early: true });
    shard.progress = afterRead(afterWindowClosed(shard.progress, done), [recordOf(2)], false);
    expect(shard.next()).toMatchObject({ kind: "send", window: { startSeconds: 960, state: {} } });
  });
});
