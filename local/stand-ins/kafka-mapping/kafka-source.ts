import { Consumer, type MessagesStream } from "@platformatic/kafka";
import type { KafkaMapping } from "./declaration.ts";
import { type KafkaRecord, toKafkaRecord } from "./kafka-record.ts";
import type { Positions } from "./poller-progress.ts";

/** One consumer of a mapping's group: it reads the partitions that the group gives it, and commits. */
export interface KafkaSource {
  /**
   * Waits until there is something, but not longer than told.
   *
   * @returns what comes next, at most `limit` records, each partition's in order
   * @throws whatever ended the consumer; what was read and not committed is then read again
   */
  read(limit: number, waitMillis: number): Promise<readonly KafkaRecord[]>;
  /** @throws when the group has given a partition to another consumer meanwhile, or Kafka does not answer */
  commit(positions: Positions): Promise<void>;
  close(): Promise<void>;
}

/** Opens a consumer of a mapping's group. @throws when Kafka does not answer or has no such topic */
export type OpenKafkaSource = (mapping: KafkaMapping) => Promise<KafkaSource>;

type Bytes = Buffer | null;
type Stream = MessagesStream<Bytes, Bytes, Buffer, Buffer>;

const FETCH_WAIT_MILLIS = 250;
const SESSION_MILLIS = 10_000;
const HEARTBEAT_MILLIS = 2_000;

/** Joins the group over the network. It begins at the group's offsets, or where there are none as declared. */
export const openKafkaSource: OpenKafkaSource = async (mapping) => {
  const { bootstrapServers, groupId, topics, startingPosition } = mapping;
  const consumer = new Consumer<Bytes, Bytes, Buffer, Buffer>({
    clientId: "aws-lambda",
    groupId,
    bootstrapBrokers: [...bootstrapServers],
    autocommit: false,
    maxWaitTime: FETCH_WAIT_MILLIS,
    sessionTimeout: SESSION_MILLIS,
    heartbeatInterval: HEARTBEAT_MILLIS,
  });
  try {
    const fallbackMode = startingPosition === "LATEST" ? "latest" : "earliest";
    const stream = await consumer.consume({ topics: [...topics], mode: "committed", fallbackMode });
    return makeSource(consumer, stream);
  } catch (cause) {
    await consumer.close(true).catch(() => {});
    throw cause;
  }
};

function makeSource(consumer: Consumer<Bytes, Bytes, Buffer, Buffer>, stream: Stream): KafkaSource {
  let failure: Error | undefined;
  let wake = () => {};
  const note = (cause: Error) => {
    failure ??= cause;
    wake();
  };
  stream.on("error", note);
  stream.on("close", () => note(new Error("the consumer was closed")));
  stream.on("readable", () => wake());
  const take = (limit: number): readonly KafkaRecord[] => {
    const records: KafkaRecord[] = [];
    while (records.length < limit) {
      const message: Parameters<typeof toKafkaRecord>[0] | null = stream.read();
      if (message === null) break;
      records.push(toKafkaRecord(message));
    }
    return records;
  };
  const untilReadable = (waitMillis: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMillis);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    read: async (limit, waitMillis) => {
      if (failure !== undefined) throw failure;
      const there = take(limit);
      if (there.length > 0) return there;
      await untilReadable(waitMillis);
      return take(limit);
    },
    commit: (positions) => consumer.commit({ offsets: Object.entries(positions).map(toCommit) }),
    close: async () => {
      await stream.close().catch(() => {});
      await consumer.close(true).catch(() => {});
    },
  };
}

function toCommit([name, offset]: readonly [string, number]) {
  const hyphen = name.lastIndexOf("-");
  const partition = Number(name.slice(hyphen + 1));
  return { topic: name.slice(0, hyphen), partition, offset: BigInt(offset), leaderEpoch: -1 };
}
