import { Admin, Consumer } from "@platformatic/kafka";
import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { LogPartition } from "../core/log-horizon.ts";
import { parseJson } from "../core/parse-json.ts";
import type { LogTopics } from "../core/ports/log-topics.ts";
import type { KafkaConnection } from "../core/source-descriptor.ts";
import { type KafkaClientOptions, type MakeMskToken, toKafkaOptions } from "./kafka-options.ts";
import type { ReadUser } from "./secret-reader.ts";

/** Kafka's names for where a partition begins and ends. */
const EARLIEST = -2n;
const LATEST = -1n;
const REQUEST_MILLIS = 10_000;
/** The record asked for is the first of an answer; Kafka gives one however large it is. */
const FETCH_BYTES = 64 * 1024;

const sourceSchema = z.object({ ts_ms: z.number() });
const envelopeSchema = z.object({ source: sourceSchema });
const eventSchema = z.union([envelopeSchema, z.object({ payload: envelopeSchema })]);

/**
 * Looks at topics of a Kafka. Each look connects and disconnects: between two of them a function may be frozen for hours.
 *
 * Partitions are read from their leaders directly; no consumer group is joined or made.
 */
export function makeKafkaLog(
  connection: KafkaConnection,
  readUser: ReadUser,
  makeToken: MakeMskToken,
): LogTopics {
  const options = () => toKafkaOptions(connection, readUser, makeToken);
  return {
    partitions: (topic) => named(topic, async () => readPartitions(await options(), topic)),
    timeAt: (topic, shard, offset) =>
      named(shard, async () => readTime(await options(), topic, partitionOf(topic, shard), offset)),
    valuesFrom: (topic, shard, offset) =>
      named(shard, async () => readValues(await options(), topic, partitionOf(topic, shard), offset)),
  };
}

async function readPartitions(options: KafkaClientOptions, topic: string): Promise<readonly LogPartition[]> {
  const admin = new Admin({ ...options, timeout: REQUEST_MILLIS });
  try {
    const { topics } = await admin.metadata({ topics: [topic], autocreateTopics: false });
    const count = topics.get(topic)?.partitionsCount ?? 0;
    if (count === 0) throw new RangeError("there is no such topic");
    const list = async (timestamp: bigint): Promise<ReadonlyMap<number, bigint>> => {
      const partitions = Array.from({ length: count }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp,
      }));
      const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
    };
    // The beginning first: it only moves on, so that it is never past an end that was read after it.
    const [earliest, ends] = [await list(EARLIEST), await list(LATEST)];
    return Array.from({ length: count }, (_, partition) => ({
      shard: `${topic}-${partition}`,
      earliest: requireOffset(earliest, partition),
      end: requireOffset(ends, partition),
    }));
  } finally {
    await admin.close();
  }
}

function requireOffset(offsets: ReadonlyMap<number, bigint>, partition: number): bigint {
  const offset = offsets.get(partition);
  if (offset !== undefined && offset >= 0n) return offset;
  throw new RangeError(`partition ${partition} told no offset`);
}

async function readTime(
  options: KafkaClientOptions,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<number | undefined> {
  const [record] = await fetchRecords(options, topic, partition, offset);
  return record && (committedAt(record.value) ?? record.timestamp);
}

async function readValues(options: KafkaClientOptions, topic: string, partition: number, offset: bigint) {
  const records = await fetchRecords(options, topic, partition, offset);
  const values = records.flatMap(({ value }) => (value === null ? [] : [value.toString("utf8")]));
  return { values, next: (records.at(-1)?.offset ?? offset - 1n) + 1n };
}

interface FetchedRecord {
  readonly offset: bigint;
  readonly timestamp: number;
  readonly value: Buffer | null;
}

/** One answer of the partition's leader: what lies at and after an offset, as much as it gives at once. */
async function fetchRecords(
  options: KafkaClientOptions,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<readonly FetchedRecord[]> {
  const consumer = new Consumer({ ...options, groupId: "trueup-look", timeout: REQUEST_MILLIS });
  try {
    const { topics } = await consumer.metadata({ topics: [topic], autocreateTopics: false });
    const known = topics.get(topic);
    const leader = known?.partitions[partition];
    if (known === undefined || leader === undefined) throw new RangeError("there is no such partition");
    const { responses } = await consumer.fetch({
      node: leader.leader,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      maxWaitTime: 500,
      topics: [
        {
          topicId: known.id,
          partitions: [
            {
              partition,
              currentLeaderEpoch: leader.leaderEpoch,
              fetchOffset: offset,
              lastFetchedEpoch: -1,
              partitionMaxBytes: FETCH_BYTES,
            },
          ],
        },
      ],
    });
    const batches = responses[0]?.partitions[0]?.records ?? [];
    return (
      batches
        .flatMap(({ firstOffset, firstTimestamp, records }) =>
          records.map(({ offsetDelta, timestampDelta, value }) => ({
            offset: firstOffset + BigInt(offsetDelta),
            timestamp: Number(firstTimestamp + timestampDelta),
            value,
          })),
        )
        // A batch that was compressed begins before what was asked for.
        .filter((record) => record.offset >= offset)
    );
  } finally {
    await consumer.close(true);
  }
}

/** The commit's time in a change event; undefined in the empty record that follows a delete. */
function committedAt(value: Buffer | null): number | undefined {
  const event = eventSchema.safeParse(parseJson(value?.toString("utf8") ?? ""));
  if (!event.success) return undefined;
  return "payload" in event.data ? event.data.payload.source.ts_ms : event.data.source.ts_ms;
}

function partitionOf(topic: string, shard: string): number {
  return Number(shard.slice(topic.length + 1));
}

async function named<Result>(subject: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new SyncError("ENGINE_FAILED", "Kafka did not answer", {
      subject: `${subject}, ${cause instanceof Error ? cause.message : "no reason given"}`,
      fix: "if it lasts, check the topic, the function's network and its rights in Kafka",
      retryable: true,
      cause,
    });
  }
}
