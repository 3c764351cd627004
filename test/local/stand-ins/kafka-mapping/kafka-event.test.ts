import { toKafkaEvent } from "../../../../local/stand-ins/kafka-mapping/kafka-event.ts";
import { kafkaMappingOf, kafkaRecordOf } from "./kafka-fixtures.ts";

describe("the event of a Kafka mapping", () => {
  it("has the records by partition, each partition's in order", () => {
    const records = [kafkaRecordOf(0, 1), kafkaRecordOf(1, 7), kafkaRecordOf(0, 2)];
    expect(JSON.parse(toKafkaEvent(records, kafkaMappingOf()))).toEqual({
      eventSource: "SelfManagedKafka",
      bootstrapServers: "127.0.0.1:9092",
      records: {
        "orders-0": [expect.objectContaining({ offset: 1 }), expect.objectContaining({ offset: 2 })],
        "orders-1": [
          {
            topic: "orders",
            partition: 1,
            offset: 7,
            timestamp: 1_000_000,
            timestampType: "CREATE_TIME",
            key: Buffer.from("key 7").toString("base64"),
            value: Buffer.from("value 7").toString("base64"),
            headers: [],
          },
        ],
      },
    });
  });

  it("names the cluster of an MSK mapping", () => {
    const clusterArn = "arn:aws:kafka:us-east-1:123456789012:cluster/shop/1-2";
    const event = toKafkaEvent([], { clusterArn, bootstrapServers: ["one:1", "two:2"] });
    expect(JSON.parse(event)).toEqual({
      eventSource: "aws:kafka",
      eventSourceArn: clusterArn,
      bootstrapServers: "one:1,two:2",
      records: {},
    });
  });
});
