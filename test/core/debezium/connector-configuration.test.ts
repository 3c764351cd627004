import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ConnectorArgs,
  makeConnectorConfiguration,
  producerOptions,
  topicConfiguration,
} from "../../../core/debezium/connector-configuration.ts";
import { nameLog } from "../../../core/debezium/log-names.ts";

const args: ConnectorArgs = {
  names: nameLog({ environment: "prod", source: "shop", revision: 1 }),
  connection: { host: "db", port: 5432, database: "shop", tls: "verified" },
  credentials: { username: "me", password: "secret" },
  kafka: { bootstrapServers: ["a:9092", "b:9092"], authentication: { kind: "none" } },
  topics: { partitions: 3, replicationFactor: 1, retentionMillis: 86_400_000 },
};

/** What events were recorded with; the values' decoder is tried against those. */
const recorded: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/debezium/connector.json"), "utf8"),
);
/** Names, and how often signals are looked for. */
const ITS_OWN = [
  "topic.prefix",
  "signal.data.collection",
  "signal.poll.interval.ms",
  "heartbeat.action.query",
];

it("makes events as they were recorded for tests", () => {
  const made = makeConnectorConfiguration(args);
  const shared = Object.entries(recorded).filter(([name]) => !ITS_OWN.includes(name));
  expect(Object.fromEntries(shared.map(([name]) => [name, made[name]]))).toEqual(Object.fromEntries(shared));
});

it("reads a slot and a publication that are there, snapshots nothing, skips nothing", () => {
  expect(makeConnectorConfiguration(args)).toMatchObject({
    "slot.name": "trueup_prod_shop",
    "slot.drop.on.stop": "false",
    "publication.name": "trueup_prod_shop",
    "publication.autocreate.mode": "disabled",
    "snapshot.mode": "no_data",
    "skipped.operations": "none",
    "errors.tolerance": "none",
    "tasks.max": "1",
  });
});

it("names no table, so that a table more is no other connector", () => {
  const names = Object.keys(makeConnectorConfiguration(args));
  expect(names.filter((name) => /(table|schema|column)\.(include|exclude)/.test(name))).toEqual([]);
});

it("takes orders by Kafka only where no credentials are asked for", () => {
  const iam = { ...args.kafka, authentication: { kind: "iam", region: "eu-central-1" } } as const;
  expect(makeConnectorConfiguration(args)["signal.enabled.channels"]).toBe("source,kafka");
  const made = makeConnectorConfiguration({ ...args, kafka: iam });
  expect(made["signal.enabled.channels"]).toBe("source");
  expect(Object.keys(made).filter((name) => name.startsWith("signal.kafka"))).toEqual([]);
});

it("encrypts unless the network is trusted", () => {
  const off = { ...args.connection, tls: "off" } as const;
  expect(makeConnectorConfiguration(args)["database.sslmode"]).toBe("require");
  expect(makeConnectorConfiguration({ ...args, connection: off })["database.sslmode"]).toBe("disable");
});

it("keeps every change of a topic for its time, and lets no event be larger than an invocation takes", () => {
  const settings = topicConfiguration(args.topics);
  expect(settings).toMatchObject({ "cleanup.policy": "delete", "retention.ms": "86400000" });
  const base64Bytes = (Number(settings["max.message.bytes"]) * 4) / 3;
  expect(base64Bytes).toBeLessThan(6 * 1024 * 1024);
  expect(producerOptions("producer.")["producer.max.request.size"]).toBe(settings["max.message.bytes"]);
});
