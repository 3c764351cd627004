import type { Message } from "@platformatic/kafka";

/** One record of a topic on its way to a function. */
export interface KafkaRecord {
  /** As Lambda's events name a partition: topic, hyphen, number. */
  readonly partition: string;
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** The record as Lambda's event has it, serialised once: its size decides what fits into a batch. */
  readonly json: string;
  readonly jsonBytes: number;
}

/**
 * Gives a record the shape of Lambda's event: bytes as base64, those of headers as numbers.
 *
 * A null key or value is left out, as reported of AWS, where documentation says nothing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html the example event
 * @see https://github.com/aws-powertools/powertools-lambda-typescript/issues/5016
 */
export function toKafkaRecord(message: Message<Buffer | null, Buffer | null>): KafkaRecord {
  const { topic, partition, offset, timestamp, key, value, headerEntries } = message;
  const json = JSON.stringify({
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: "CREATE_TIME",
    ...(key == null ? {} : { key: key.toString("base64") }),
    ...(value == null ? {} : { value: value.toString("base64") }),
    headers: headerEntries.map(([name, bytes]) => ({ [name.toString()]: [...bytes] })),
  });
  return {
    partition: `${topic}-${partition}`,
    offset: Number(offset),
    timestamp: Number(timestamp),
    json,
    jsonBytes: Buffer.byteLength(json),
  };
}
