import { randomUUID } from "node:crypto";
import { Admin, Consumer, type Message, Producer, stringSerializers } from "@platformatic/kafka";
import type { KafkaEngine } from "../../local/engines/kafka.ts";

/** One record as it lies in Kafka; key and value exactly as written, because JSON numbers may exceed a double. */
export interface RecordedEvent {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string])[];
}

/** The names of all topics. */
export async function listTopics(kafka: KafkaEngine): Promise<readonly string[]> {
  return withAdmin(kafka, (admin) => admin.listTopics());
}

/** How many records were ever written to a topic; none to one that does not exist. */
export async function countRecords(kafka: KafkaEngine, topic: string): Promise<number> {
  if (!(await listTopics(kafka)).includes(topic)) return 0;
  return withConsumer(kafka, async (consumer) => {
    const ends = (await consumer.listOffsets({ topics: [topic] })).get(topic) ?? [];
    return Number(ends.reduce((sum, end) => sum + end, 0n));
  });
}

/** Everything that is in some topics now, by topic, partition and offset. */
export async function readTopics(
  kafka: KafkaEngine,
  topics: readonly string[],
): Promise<readonly RecordedEvent[]> {
  return withConsumer(kafka, async (consumer) => {
    const ends = await consumer.listOffsets({ topics: [...topics] });
    let missing = [...ends.values()].flat().reduce((sum, end) => sum + end, 0n);
    const records: RecordedEvent[] = [];
    if (missing === 0n) return records;
    const stream = await consumer.consume({ topics: [...topics], mode: "earliest", autocommit: false });
    for await (const message of stream) {
      records.push(toRecordedEvent(message));
      missing -= 1n;
      if (missing === 0n) break;
    }
    return records.toSorted(byPlace);
  });
}

/** Writes one record, into a topic that it makes where there is none. */
export async function produce(kafka: KafkaEngine, topic: string, key: string, value: string): Promise<void> {
  if (!(await listTopics(kafka)).includes(topic)) {
    await withAdmin(kafka, (admin) => admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 }));
  }
  const producer = new Producer({ ...clientOf(kafka), serializers: stringSerializers });
  try {
    await producer.send({ messages: [{ topic, key, value }] });
  } finally {
    await producer.close();
  }
}

/** Deletes the topics that a test of their names finds. */
export async function deleteTopics(kafka: KafkaEngine, test: (topic: string) => boolean): Promise<void> {
  const topics = (await listTopics(kafka)).filter(test);
  if (topics.length > 0) await withAdmin(kafka, (admin) => admin.deleteTopics({ topics }));
}

function clientOf({ bootstrapServers }: KafkaEngine) {
  return { clientId: "trueup-test", bootstrapBrokers: [bootstrapServers] };
}

async function withAdmin<T>(kafka: KafkaEngine, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin(clientOf(kafka));
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

async function withConsumer<T>(kafka: KafkaEngine, use: (consumer: Consumer) => Promise<T>): Promise<T> {
  const consumer = new Consumer({ ...clientOf(kafka), groupId: randomUUID(), maxWaitTime: 100 });
  try {
    return await use(consumer);
  } finally {
    await consumer.close(true);
  }
}

function toRecordedEvent(message: Message): RecordedEvent {
  const { topic, partition, offset, timestamp, key, value, headers } = message;
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: toText(key),
    value: toText(value),
    headers: [...headers].map(([name, text]) => [name.toString(), text.toString()]),
  };
}

function toText(bytes: Buffer | null | undefined): string | null {
  return bytes?.toString() ?? null;
}

function byPlace(a: RecordedEvent, b: RecordedEvent): number {
  return a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset;
}
