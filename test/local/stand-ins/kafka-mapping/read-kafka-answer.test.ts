import { readKafkaAnswer } from "../../../../local/stand-ins/kafka-mapping/read-kafka-answer.ts";
import { kafkaRecordOf } from "./kafka-fixtures.ts";

const records = [
  kafkaRecordOf(0, 10),
  kafkaRecordOf(1, 20),
  kafkaRecordOf(0, 11),
  kafkaRecordOf(1, 21),
  kafkaRecordOf(0, 12),
];
const failuresAt = (...places: readonly (readonly [string, unknown])[]) =>
  JSON.stringify({
    batchItemFailures: places.map(([partition, offset]) => ({ itemIdentifier: { partition, offset } })),
  });
const read = (payload: string) => readKafkaAnswer(payload, records, true);

describe("the answer to a batch of Kafka records", () => {
  it.each(["null", "", '""', "{}", '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
    "%j is success",
    (payload) => {
      expect(read(payload)).toEqual({ kind: "succeeded" });
    },
  );

  it("leaves of a partition what comes from the failed offset on, and nothing of the others", () => {
    const outcome = read(failuresAt(["orders-0", 11]));
    expect(outcome).toMatchObject({ kind: "partly", rest: [{ offset: 11 }, { offset: 12 }] });
  });

  it("counts the lowest of several failures of one partition, for each partition by itself", () => {
    const outcome = read(failuresAt(["orders-0", 12], ["orders-0", 11], ["orders-1", 21]));
    expect(outcome).toMatchObject({ kind: "partly", rest: [{ offset: 11 }, { offset: 21 }, { offset: 12 }] });
  });

  it("is a failure of the whole batch when every partition failed at its first record", () => {
    expect(read(failuresAt(["orders-0", 10], ["orders-1", 20]))).toMatchObject({
      kind: "failed",
      functionError: false,
    });
  });

  it.each([
    failuresAt(["orders-0", 99]),
    failuresAt(["orders-2", 10]),
    failuresAt(["orders-0", "11"]),
    '{"batchItemFailures":[{"itemIdentifier":"orders-0-11"}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{}]}',
    "no json",
  ])("%j fails the whole batch", (payload) => {
    expect(read(payload)).toMatchObject({ kind: "failed" });
  });

  it("is not looked at where partial failures are not declared", () => {
    expect(readKafkaAnswer(failuresAt(["orders-0", 11]), records, false)).toEqual({ kind: "succeeded" });
  });
});
