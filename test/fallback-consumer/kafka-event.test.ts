import { readKafkaEvent } from "../../fallback-consumer/kafka-event.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("Lambda's event of a Kafka mapping", () => {
  it("is read partition by partition, texts and names of headers decoded", () => {
    const record = { topic: "shop.public.t", partition: 1, timestamp: 5 };
    const records = readKafkaEvent({
      records: {
        "shop.public.t-1": [
          {
            ...record,
            offset: 7,
            key: base64('{"id":"ä"}'),
            value: base64('{"op":"c"}'),
            headers: [{ "__debezium.newkey": [123, 125] }, { other: [] }],
          },
          { ...record, offset: 8, key: base64('{"id":"ä"}'), value: null },
        ],
        "shop.public.t-0": [{ ...record, partition: 0, offset: 3, value: base64("{}"), headers: [] }],
      },
    });
    expect(records).toEqual([
      {
        ...record,
        offset: 7,
        key: '{"id":"ä"}',
        value: '{"op":"c"}',
        headers: ["__debezium.newkey", "other"],
      },
      { ...record, offset: 8, key: '{"id":"ä"}', value: null, headers: [] },
      { ...record, partition: 0, offset: 3, key: null, value: "{}", headers: [] },
    ]);
  });
});
