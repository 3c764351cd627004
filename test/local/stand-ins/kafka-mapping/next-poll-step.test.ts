import type { KafkaMapping } from "../../../../local/stand-ins/kafka-mapping/declaration.ts";
import type { KafkaRecord } from "../../../../local/stand-ins/kafka-mapping/kafka-record.ts";
import { nextPollStep, type PollStep } from "../../../../local/stand-ins/kafka-mapping/next-poll-step.ts";
import {
  afterGivingUp,
  afterKafkaAnswer,
  afterPoll,
  beginPoller,
  type PollerProgress,
} from "../../../../local/stand-ins/kafka-mapping/poller-progress.ts";
import type { KafkaOutcome } from "../../../../local/stand-ins/kafka-mapping/read-kafka-answer.ts";
import { kafkaMappingOf, kafkaRecordOf } from "./kafka-fixtures.ts";

const NOW = 1_000_000;
const done: KafkaOutcome = { kind: "succeeded" };
const failed: KafkaOutcome = { kind: "failed", reason: "no", functionError: true };
const missed: KafkaOutcome = { kind: "not-invoked", reason: "throttled" };
const upTo = (count: number) => Array.from({ length: count }, (_, offset) => kafkaRecordOf(0, offset));

/** One poller, step by step: what is to be done next, and what came of it. */
class Poller {
  progress: PollerProgress;
  now = NOW;
  readonly #mapping: KafkaMapping;

  constructor(mapping: KafkaMapping, records: readonly KafkaRecord[]) {
    this.#mapping = mapping;
    this.progress = afterPoll(beginPoller(mapping, NOW), records);
  }

  next(): PollStep {
    const { progress, step } = nextPollStep(this.progress, this.#mapping, this.now);
    this.progress = progress;
    return step;
  }

  /** Sends what is next. @returns the offsets of the records that were sent */
  answer(outcome: KafkaOutcome): readonly number[] {
    const step = this.next();
    if (step.kind !== "send") throw new Error(`next is ${step.kind}`);
    this.progress = afterKafkaAnswer(this.progress, outcome, this.#mapping, this.now);
    return step.batch.records.map(({ offset }) => offset);
  }
}

describe("a poller's next step", () => {
  it("is to read while nothing is there, or the batching window is open", () => {
    expect(new Poller(kafkaMappingOf(), []).next()).toEqual({ kind: "read" });
    const poller = new Poller(kafkaMappingOf(), upTo(2));
    expect(poller.next()).toEqual({ kind: "read" });
    poller.now += 500;
    expect(poller.answer(done)).toEqual([0, 1]);
  });

  it("is to send a full batch at once, and after success to read again", () => {
    const poller = new Poller(kafkaMappingOf({ BatchSize: 2 }), upTo(3));
    expect(poller.answer(done)).toEqual([0, 1]);
    expect(poller.progress.settled).toEqual({ "orders-0": 2 });
    expect(poller.next()).toEqual({ kind: "read" });
  });

  it("is the same batch after a failure or a throttle, without end when retries have none", () => {
    const poller = new Poller(kafkaMappingOf({ BatchSize: 2 }), upTo(2));
    for (let round = 0; round < 50; round += 1) expect(poller.answer(failed)).toEqual([0, 1]);
    expect(poller.answer(missed)).toEqual([0, 1]);
    expect(poller.progress).toMatchObject({ settled: {}, failuresInARow: 51, lastError: "throttled" });
  });

  it("is what is left of each partition after a partial failure, whose positions stay apart", () => {
    const records = [kafkaRecordOf(0, 1), kafkaRecordOf(1, 5), kafkaRecordOf(0, 2), kafkaRecordOf(1, 6)];
    const poller = new Poller(kafkaMappingOf({ BatchSize: 4 }), records);
    const rest = records.filter(({ partition, offset }) => partition === "orders-0" && offset === 2);
    expect(poller.answer({ kind: "partly", rest, reason: "part" })).toEqual([1, 5, 2, 6]);
    expect(poller.progress.settled).toEqual({ "orders-0": 2, "orders-1": 7 });
    expect(poller.answer(done)).toEqual([2]);
    expect(poller.progress.settled).toEqual({ "orders-0": 3, "orders-1": 7 });
  });

  it("is to halve a batch that failed, where bisecting is declared", () => {
    const poller = new Poller(kafkaMappingOf({ BatchSize: 4, BisectBatchOnFunctionError: true }), upTo(4));
    expect(poller.answer(failed)).toEqual([0, 1, 2, 3]);
    expect(poller.answer(done)).toEqual([0, 1]);
    expect(poller.answer(failed)).toEqual([2, 3]);
    expect(poller.answer(done)).toEqual([2]);
  });

  it("is to give a batch up that was retried as often as declared", () => {
    const poller = new Poller(kafkaMappingOf({ BatchSize: 2, MaximumRetryAttempts: 2 }), upTo(3));
    for (let round = 0; round < 3; round += 1) expect(poller.answer(failed)).toEqual([0, 1]);
    const step = poller.next();
    expect(step).toMatchObject({ kind: "discard", condition: "RetryAttemptsExhausted" });
    poller.progress = afterGivingUp(poller.progress, step.kind === "discard" ? step.records : []);
    expect(poller.progress.settled).toEqual({ "orders-0": 2 });
  });

  it("is to give up only the records that are too old", () => {
    const records = [kafkaRecordOf(0, 1, NOW - 61_000), kafkaRecordOf(1, 1, NOW)];
    const poller = new Poller(kafkaMappingOf({ BatchSize: 2, MaximumRecordAgeInSeconds: 60 }), records);
    const step = poller.next();
    expect(step).toMatchObject({ condition: "RecordAgeExceeded", records: [{ partition: "orders-0" }] });
    poller.progress = afterGivingUp(poller.progress, step.kind === "discard" ? step.records : []);
    expect(poller.answer(done)).toEqual([1]);
    expect(poller.progress.settled).toEqual({ "orders-0": 2, "orders-1": 2 });
  });

  it("is a smaller batch where the payload would be too large", () => {
    const heavy = upTo(3).map((record) => ({ ...record, jsonBytes: 3 * 1024 * 1024 }));
    const poller = new Poller(kafkaMappingOf({ BatchSize: 100 }), heavy);
    expect(poller.answer(done)).toEqual([0]);
  });
});
