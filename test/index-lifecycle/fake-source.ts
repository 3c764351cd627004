import type { TopicSettings } from "../../core/debezium/connector-configuration.ts";
import type { DatabaseAdmin, LogFacts, SlotFacts, SqlTableFacts } from "../../core/ports/database-admin.ts";
import type { KafkaAdmin } from "../../core/ports/kafka-admin.ts";

/** A database fit to be a source. */
const LOG: LogFacts = {
  walLevel: "logical",
  isReplica: false,
  maximumSlots: 10,
  usedSlots: 0,
  mayReplicate: true,
  mayCreate: true,
  user: "trueup",
};

/** A slot that is as it should be. */
export const SLOT: SlotFacts = { plugin: "pgoutput", isHere: true, active: false, lost: false };

/** A table fit to be a source. */
export const TABLE: SqlTableFacts = {
  kind: "table",
  replicaIdentity: "default",
  isLogged: true,
  isOwned: true,
  mayRead: true,
  hidesRows: false,
  key: () => ({ partitionKey: { name: "id", type: "N" } }),
};

/** A database in memory; what was done to it is written down in order. */
export class FakeDatabase implements DatabaseAdmin {
  log = LOG;
  readonly slots = new Map<string, SlotFacts>();
  readonly tables = new Map<string, SqlTableFacts>([["public.customers", TABLE]]);
  readonly published = new Map<string, Set<string>>();
  /** What `openWriters` answers, one after the other; then nobody. */
  writers: (readonly string[])[] = [];
  /** How often a slot is still read when it is to be dropped. */
  busyTimes = 0;
  readonly done: string[] = [];

  readLog = async () => this.log;
  findSlot = async (slotName: string) => this.slots.get(slotName);
  findTable = async (tableName: string) => this.tables.get(tableName);
  openWriters = async () => this.writers.shift() ?? [];

  makePublication = async (name: string) => {
    this.done.push(`publication ${name}`);
    this.published.set(name, this.published.get(name) ?? new Set());
  };

  dropPublication = async (name: string) => {
    this.done.push(`no publication ${name}`);
    this.published.delete(name);
  };

  makeSlot = async (name: string) => {
    this.done.push(`slot ${name}`);
    this.slots.set(name, SLOT);
  };

  dropSlot = async (name: string) => {
    this.busyTimes -= 1;
    if (this.busyTimes >= 0) return "busy" as const;
    this.done.push(`no slot ${name}`);
    this.slots.delete(name);
    return "gone" as const;
  };

  publish = async (name: string, tableName: string) => {
    this.published.set(name, new Set([...(this.published.get(name) ?? []), tableName]));
  };

  withdraw = async (name: string, tableName: string) => {
    this.published.get(name)?.delete(tableName);
  };

  end = async () => {
    this.done.push("end");
  };
}

/** A Kafka in memory: topics with their partitions, groups with the topics they have read. */
export class FakeKafka implements KafkaAdmin {
  readonly topics = new Map<string, number>();
  readonly groups = new Map<string, readonly string[]>();

  makeTopic = async (topic: string, { partitions }: TopicSettings) => {
    const found = this.topics.get(topic) ?? partitions;
    this.topics.set(topic, found);
    return found;
  };

  listTopics = async (prefix: string) => [...this.topics.keys()].filter((topic) => topic.startsWith(prefix));

  deleteTopics = async (topics: readonly string[]) => {
    for (const topic of topics) this.topics.delete(topic);
  };

  deleteGroups = async (prefix: string, topics: readonly string[]) => {
    for (const [group, read] of this.groups) {
      if (group.startsWith(prefix) && read.some((topic) => topics.includes(topic))) this.groups.delete(group);
    }
  };
}
