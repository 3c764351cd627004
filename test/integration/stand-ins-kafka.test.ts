import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { type KafkaEngine, startKafka, stopKafka } from "../../local/engines/kafka.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { prepareStreaming } from "../../local/setup/prepare.ts";
import { freePort, type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";
import { produce } from "./kafka-topics.ts";
import { startStubs } from "./lambda-stubs.ts";
import { makeFolder } from "./streaming-engines.ts";

interface KafkaEvent {
  readonly eventSource: string;
  readonly bootstrapServers: string;
  readonly records: Readonly<
    Record<string, readonly { readonly offset: number; readonly value?: string; readonly key?: string }[]>
  >;
}

const patience = { withinMillis: 60_000, fix: "look at the gateway's output" };
const folder = join(makeFolder(), "kafka");
let kafka: KafkaEngine;
let world: GatewayWorld;
let topics = 0;
const opened = new Set<() => Promise<void>>();

jest.setTimeout(240_000);

beforeAll(async () => {
  prepareStreaming();
  const ports = { port: await freePort(), controllerPort: await freePort() };
  kafka = await startKafka({ ...ports, folder, heapMegabytes: 256 });
  world = await startGatewayWorld();
});

afterAll(async () => {
  // A test that failed has stopped nothing, and jest would wait for its servers.
  for (const stop of opened) await stop();
  await world.stop();
  await stopKafka(folder);
  rmSync(dirname(folder), { recursive: true, force: true });
});

/** A topic of two partitions, a function that runs in this test, and a mapping between them. */
async function connect(declared: object, answer: (values: readonly string[], event: KafkaEvent) => unknown) {
  topics += 1;
  const topic = `mapped-${topics}`;
  await withAdmin((admin) => admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 }));
  const events: KafkaEvent[] = [];
  const stubs = await startStubs({
    [topic]: (received) => {
      const event = received as unknown as KafkaEvent;
      events.push(event);
      return answer(valuesOf(event), event);
    },
  });
  const properties = {
    SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [kafka.bootstrapServers] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: topic },
    Topics: [topic],
    FunctionName: stubs.arnOf(topic),
    StartingPosition: "TRIM_HORIZON",
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 1 },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ...declared,
  };
  const url = `${world.gateway.url}/_trueup/kafka-mappings/${topic}`;
  const declare = (more: object = {}) =>
    fetch(url, { method: "PUT", body: JSON.stringify({ properties: { ...properties, ...more } }) });
  const stop = async () => {
    if (!opened.delete(stop)) return;
    await fetch(url, { method: "DELETE" });
    await stubs.stop();
  };
  opened.add(stop);
  return {
    topic,
    events,
    declare,
    remove: () => fetch(url, { method: "DELETE" }),
    sent: () => events.flatMap(valuesOf),
    /** The same key lies in the same partition. */
    write: async (key: string, ...values: readonly string[]) => {
      for (const value of values) await produce(kafka, topic, key, value);
    },
    stop,
  };
}

async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafka.bootstrapServers] });
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

/** What a group has committed of a topic, over both partitions. */
async function committed(topic: string): Promise<bigint> {
  const groups = await withAdmin((admin) => admin.listConsumerGroupOffsets({ groups: [topic] }));
  const partitions = groups.flatMap(({ topics: known }) => known).flatMap((known) => known.partitions);
  return partitions.reduce(
    (sum, { committedOffset }) => sum + (committedOffset > 0n ? committedOffset : 0n),
    0n,
  );
}

function valuesOf({ records }: KafkaEvent): readonly string[] {
  return Object.values(records)
    .flat()
    .map(({ value = "" }) => Buffer.from(value, "base64").toString());
}

describe("a Kafka mapping", () => {
  it("delivers what the topic holds in the shape of Lambda's events, and commits it to its group", async () => {
    const { topic, events, sent, write, declare, stop } = await connect({}, () => null);
    await write("a", "a1", "a2");
    await write("b", "b1");
    expect((await declare()).status).toBe(200);
    await waitUntil("every record is delivered", () => sent().length === 3, patience);
    expect(sent().toSorted()).toEqual(["a1", "a2", "b1"]);
    expect(events[0]).toMatchObject({
      eventSource: "SelfManagedKafka",
      bootstrapServers: kafka.bootstrapServers,
    });
    const [first] = Object.values(events[0]?.records ?? {}).flat();
    expect(first).toMatchObject({
      topic,
      partition: expect.any(Number),
      offset: 0,
      timestamp: expect.any(Number),
      timestampType: "CREATE_TIME",
      key: expect.any(String),
      headers: [],
    });
    await waitUntil(
      "the group's offsets are committed",
      async () => (await committed(topic)) === 3n,
      patience,
    );
    await stop();
  });

  it("sends a partition again from where it failed, and the others not", async () => {
    let failures = 0;
    const { topic, events, sent, write, declare, stop } = await connect({}, (_, { records }) => {
      const failing = Object.entries(records).find(([, list]) => list.some(({ offset }) => offset === 1));
      failures += 1;
      if (failing === undefined || failures > 2) return { batchItemFailures: [] };
      return { batchItemFailures: [{ itemIdentifier: { partition: failing[0], offset: 1 } }] };
    });
    await write("a", "a1", "a2", "a3");
    await declare();
    await waitUntil("what failed was sent again", () => events.length >= 3, patience);
    expect(sent().slice(0, 3)).toEqual(["a1", "a2", "a3"]);
    expect(sent().slice(3)).not.toContain("a1");
    await waitUntil("all is committed", async () => (await committed(topic)) === 3n, patience);
    await stop();
  });

  it("goes on where its group was, when it is made anew, whatever its starting position says", async () => {
    const { topic, sent, write, declare, remove, stop } = await connect({}, () => null);
    await write("a", "a1");
    await declare();
    await waitUntil("the first record is committed", async () => (await committed(topic)) === 1n, patience);
    await remove();
    await write("a", "a2");
    await declare();
    await waitUntil("the second record is delivered", () => sent().includes("a2"), patience);
    expect(sent()).toEqual(["a1", "a2"]);
    await stop();
  });

  it("waits for a topic that does not exist yet", async () => {
    const { sent, declare, stop } = await connect({}, () => null);
    const later = `later-${process.pid}`;
    await declare({ Topics: [later] });
    const saysWhy = async () =>
      (await (await fetch(`${world.gateway.url}/_trueup/kafka-mappings`)).text()).includes(later);
    await waitUntil("it says why", saysWhy, patience);
    await produce(kafka, later, "a", "at last");
    await waitUntil("the record is delivered", () => sent().includes("at last"), patience);
    await stop();
  });

  it("refuses what it cannot do, by name", async () => {
    const { declare, stop } = await connect({}, () => null);
    const answer = await declare({ FilterCriteria: { Filters: [] } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("FilterCriteria");
    await stop();
  });
});
