import { Admin } from "@platformatic/kafka";
import { type TopicSettings, topicConfiguration } from "../core/debezium/connector-configuration.ts";
import { SyncError } from "../core/errors.ts";
import type { KafkaAdmin } from "../core/ports/kafka-admin.ts";
import type { KafkaConnection } from "../core/source-descriptor.ts";
import { type MakeMskToken, toKafkaOptions } from "./kafka-options.ts";
import type { ReadUser } from "./secret-reader.ts";

const REQUEST_MILLIS = 20_000;

/**
 * Makes and deletes topics and consumer groups. Each call connects and disconnects: between two of them a function may be
 * frozen for hours.
 */
export function makeKafkaAdmin(
  connection: KafkaConnection,
  readUser: ReadUser,
  makeToken: MakeMskToken,
): KafkaAdmin {
  const withAdmin = async <Result>(
    subject: string,
    work: (admin: Admin) => Promise<Result>,
  ): Promise<Result> => {
    const options = await toKafkaOptions(connection, readUser, makeToken);
    const admin = new Admin({ ...options, timeout: REQUEST_MILLIS });
    try {
      return await work(admin);
    } catch (cause) {
      throw refused(subject, cause);
    } finally {
      await admin.close();
    }
  };
  return {
    makeTopic: (topic, settings) => withAdmin(topic, (admin) => makeTopic(admin, topic, settings)),
    listTopics: (prefix) => withAdmin(prefix, (admin) => listTopics(admin, prefix)),
    deleteTopics: (topics) =>
      withAdmin(topics.join(", "), async (admin) => {
        const there = new Set(await admin.listTopics());
        const known = topics.filter((topic) => there.has(topic));
        if (known.length > 0) await admin.deleteTopics({ topics: known });
      }),
    deleteGroups: (prefix, topics) => withAdmin(prefix, (admin) => deleteGroups(admin, prefix, topics)),
  };
}

async function makeTopic(admin: Admin, topic: string, settings: TopicSettings): Promise<number> {
  const there = await admin.listTopics();
  if (there.includes(topic)) return countPartitions(admin, topic);
  const { partitions, replicationFactor: replicas } = settings;
  const configs = Object.entries(topicConfiguration(settings)).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [topic], partitions, replicas, configs });
  return partitions;
}

async function countPartitions(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.metadata({ topics: [topic], autocreateTopics: false });
  return topics.get(topic)?.partitionsCount ?? 0;
}

async function listTopics(admin: Admin, prefix: string): Promise<readonly string[]> {
  const topics = await admin.listTopics();
  return topics.filter((topic) => topic.startsWith(prefix)).sort();
}

/** A group with members is somebody's at work, whatever it read before. */
async function deleteGroups(admin: Admin, prefix: string, topics: readonly string[]): Promise<void> {
  const wanted = new Set(topics);
  const listed = [...(await admin.listGroups()).keys()].filter((group) => group.startsWith(prefix));
  if (listed.length === 0) return;
  const described = await admin.describeGroups({ groups: listed });
  const idle = listed.filter((group) => (described.get(group)?.members.size ?? 0) === 0);
  const leftovers: string[] = [];
  for (const group of idle) {
    const [read] = await admin.listConsumerGroupOffsets({ groups: [group] });
    if (read?.topics.some(({ name }) => wanted.has(name))) leftovers.push(group);
  }
  if (leftovers.length > 0) await admin.deleteGroups({ groups: leftovers });
}

function refused(subject: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "Kafka did not do what was asked", {
    subject: `${subject}, ${reasonOf(cause)}`,
    fix: "check the function's network and its rights in Kafka, then deploy again",
    retryable: true,
    cause,
  });
}

/** The client wraps what a broker said in errors of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join("; ");
  return cause instanceof Error ? cause.message : "no reason given";
}
