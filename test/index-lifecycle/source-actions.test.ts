import { nameLog } from "../../core/debezium/log-names.ts";
import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { type FakeDeps, makeFakeDeps } from "./fake-deps.ts";
import { SLOT, TABLE } from "./fake-source.ts";

const names = nameLog({ environment: "prod", source: "shop", revision: 1 });
const connection = {
  engine: "postgresql",
  host: "db",
  port: 5432,
  database: "shop",
  secretArn: "arn:secret",
  tls: "verified",
};
const kafka = { bootstrapServers: ["kafka:9092"], authentication: { kind: "none" } };
const topics = { partitions: 3, replicationFactor: 3, retentionMillis: 604_800_000 };
const groupPrefix = "trueup-prod-";
const topic = "trueup-prod-shop.public.customers";
const source = { source: "shop", roleArn: "arn:role", connection, names, groupPrefix, kafka, topics };
const log = { publicationName: names.publicationName, topic, groupPrefix, kafka, topics };
const table = { source: "shop", roleArn: "arn:role", connection, tableName: "public.customers", log };

let deps: FakeDeps;
beforeEach(() => {
  deps = makeFakeDeps();
});

function act(action: "Source" | "SqlTable", operation: "create" | "update" | "delete", spec: object) {
  const found = makeLifecycleActions(deps).get(action);
  if (found === undefined) throw new Error(`no action ${action}`);
  const text = JSON.stringify(spec);
  return operation === "update" ? found.update(text, text) : found[operation](text);
}

describe("a source", () => {
  it("gets its publication before its slot, whose reader would not see it otherwise", async () => {
    await act("Source", "create", source);
    expect(deps.database.done).toEqual(["publication trueup_prod_shop", "slot trueup_prod_shop", "end"]);
    expect([...deps.kafka.topics]).toEqual([
      ["trueup-prod-shop-notifications", 1],
      ["trueup-prod-shop-signals", 1],
    ]);
  });

  it("makes no topic of signals where Kafka asks for credentials", async () => {
    const authentication = { kind: "iam", region: "eu-central-1" };
    await act("Source", "create", { ...source, kafka: { ...kafka, authentication } });
    expect([...deps.kafka.topics.keys()]).toEqual(["trueup-prod-shop-notifications"]);
  });

  it("keeps the slot of a create that is delivered twice", async () => {
    await act("Source", "create", source);
    await act("Source", "create", source);
    expect(deps.database.done.filter((step) => step.startsWith("slot"))).toHaveLength(1);
  });

  it("is refused with all that its database lacks, before anything is made in it", async () => {
    deps.database.log = {
      ...deps.database.log,
      walLevel: "replica",
      mayReplicate: false,
      mayCreate: false,
      usedSlots: 10,
    };
    await expect(act("Source", "create", source)).rejects.toThrow(
      /^PREREQUISITE_MISSING: (.|\n)*wal_level is replica(.|\n)*may not make slots(.|\n)*may not make a schema(.|\n)*all 10 replication slots are taken/,
    );
    expect(deps.database.done).toEqual(["end"]);
  });

  it("needs no free slot once it has its own", async () => {
    await act("Source", "create", source);
    deps.database.log = { ...deps.database.log, usedSlots: 10 };
    await act("Source", "update", source);
  });

  it.each([
    ["is gone", undefined, /^STREAM_GAP: the replication slot is gone/],
    ["lost its log", { ...SLOT, lost: true }, /^STREAM_GAP: the replication slot lost its log/],
    ["is somebody else's", { ...SLOT, plugin: "test_decoding" }, /^PREREQUISITE_MISSING: .* is not ours/],
    ["is another database's", { ...SLOT, isHere: false }, /^PREREQUISITE_MISSING: .* is not ours/],
  ])("never makes a slot again that %s", async (_, slot, message) => {
    if (slot !== undefined) deps.database.slots.set(names.slotName, slot);
    await expect(act("Source", "update", source)).rejects.toThrow(message);
    expect(deps.database.done).toEqual(["end"]);
  });

  it("goes with its slot, publication, topics and the groups that read them, and with nobody else's", async () => {
    await act("Source", "create", source);
    for (const made of [
      topic,
      names.offsetsTopic,
      names.heartbeatTopic,
      "trueup-prod-shop2.public.t",
      "other",
    ]) {
      deps.kafka.topics.set(made, 3);
    }
    deps.kafka.groups.set("trueup-prod-customers-custom-1-abc", [topic]);
    deps.kafka.groups.set("trueup-prod-places-custom-1-abc", ["trueup-prod-shop2.public.t"]);
    deps.kafka.groups.set("analytics", [topic]);
    await act("Source", "delete", source);
    expect(deps.database.slots.size + deps.database.published.size).toBe(0);
    expect([...deps.kafka.topics.keys()]).toEqual(["trueup-prod-shop2.public.t", "other"]);
    expect([...deps.kafka.groups.keys()]).toEqual(["trueup-prod-places-custom-1-abc", "analytics"]);
  });

  it("waits for the connector that has just gone to let go of its slot", async () => {
    await act("Source", "create", source);
    deps.database.busyTimes = 3;
    await act("Source", "delete", source);
    expect(deps.database.slots.size).toBe(0);
  });

  it("leaves a slot that is still read, and all that hangs on it", async () => {
    await act("Source", "create", source);
    deps.database.busyTimes = 1_000;
    await expect(act("Source", "delete", source)).rejects.toThrow(/^ENGINE_FAILED: .* is still read/);
    expect(deps.database.published.size).toBe(1);
  });
});

describe("a table of a source", () => {
  it("is published, has a topic, and answers its key", async () => {
    expect(await act("SqlTable", "create", table)).toEqual({ key: '[{"name":"id","type":"N"}]' });
    expect([...(deps.database.published.get(names.publicationName) ?? [])]).toEqual(["public.customers"]);
    expect([...deps.kafka.topics]).toEqual([[topic, 3]]);
  });

  it("answers its key and is left as it is where no log is read", async () => {
    const { log: _log, ...managed } = table;
    expect(await act("SqlTable", "create", managed)).toEqual({ key: '[{"name":"id","type":"N"}]' });
    expect(deps.database.published.size + deps.kafka.topics.size).toBe(0);
  });

  it("is refused when it is not there", async () => {
    const spec = { ...table, tableName: "public.nothing" };
    await expect(act("SqlTable", "create", spec)).rejects.toThrow(
      /^PREREQUISITE_MISSING: the database has no such table \(public\.nothing\)/,
    );
  });

  it.each([
    ["a partition", { kind: "partition" }, "it is a partition"],
    ["a view", { kind: "other" }, "it is no table"],
    ["one that may not be read", { mayRead: false }, "grant select"],
    ["one whose rows are hidden", { hidesRows: true }, "bypassrls"],
    ["an unlogged one", { isLogged: false }, "set logged"],
    ["somebody else's", { isOwned: false }, "only owners publish"],
    [
      "one whose updates would fail once published",
      { replicaIdentity: "nothing" },
      "replica identity default",
    ],
    ["one without its key in the log", { replicaIdentity: "index" }, "replica identity default"],
  ] as const)("is refused when it is %s", async (_, facts, fix) => {
    deps.database.tables.set("public.customers", { ...TABLE, ...facts });
    await expect(act("SqlTable", "create", table)).rejects.toThrow(fix);
    expect(deps.database.published.size).toBe(0);
  });

  it("is made once all have ended that wrote to it before it was published, whoever else writes meanwhile", async () => {
    deps.database.writers = [["1/1", "1/2"], ["1/2", "1/3"], ["1/3"]];
    await act("SqlTable", "create", table);
    expect(deps.database.writers).toEqual([]);
  });

  it("is not made while such a transaction stays open", async () => {
    deps.database.writers = Array.from({ length: 100 }, () => ["1/1"]);
    await expect(act("SqlTable", "create", table)).rejects.toThrow(
      /^ENGINE_FAILED: 1 transaction\(s\) that wrote to the table before it was published are open/,
    );
  });

  it("is refused another number of partitions, with which changes of a row would come out of order", async () => {
    await act("SqlTable", "create", table);
    const changed = { ...table, log: { ...log, topics: { ...topics, partitions: 6 } } };
    await expect(act("SqlTable", "update", changed)).rejects.toThrow(
      /^STREAM_GAP: the topic has 3 partitions, not 6/,
    );
  });

  it("goes with its topic and groups, out of the publication", async () => {
    await act("SqlTable", "create", table);
    deps.kafka.groups.set("trueup-prod-customers-custom-1-abc", [topic]);
    await act("SqlTable", "delete", table);
    expect([...(deps.database.published.get(names.publicationName) ?? [])]).toEqual([]);
    expect(deps.kafka.topics.size + deps.kafka.groups.size).toBe(0);
  });
});
