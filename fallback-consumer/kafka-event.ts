import type { KafkaRecord } from "../core/kafka-record.ts";

/**
 * What Lambda sends for a Kafka event source mapping: records by `topic-partition`, texts in base64.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html sample event
 */
export interface KafkaEvent {
  readonly records: Readonly<Record<string, readonly LambdaKafkaRecord[]>>;
}

interface LambdaKafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key?: string | null;
  readonly value?: string | null;
  /** One object a header; the value is bytes. */
  readonly headers?: readonly Readonly<Record<string, unknown>>[];
}

/** The records of an event, each partition's in its order. */
export function readKafkaEvent({ records }: KafkaEvent): readonly KafkaRecord[] {
  return Object.values(records).flatMap((batch) => batch.map(readRecord));
}

function readRecord({ key, value, headers = [], ...record }: LambdaKafkaRecord): KafkaRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: decode(key),
    value: decode(value),
    headers: headers.flatMap((header) => Object.keys(header)),
  };
}

/** An empty text is how a null comes where the mapping has no null. */
function decode(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === "" ? null : Buffer.from(text, "base64").toString();
}
