/** Databases as sources, and their tables. The mock engine takes every input: that AWS takes them too is for schemas to say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import {
  DatabaseSource,
  type DatabaseSourceArgs,
  findDatabaseFaults,
  type GivenKafkaArgs,
  SearchSync,
  SyncedTable,
} from "../../../components/index.ts";
import { parseCommand } from "../../../index-lifecycle/command-event.ts";
import { sourceSpecSchema, sqlTableSpecSchema } from "../../../index-lifecycle/source-spec.ts";
import { fakeCode } from "../../support/fake-code-builder.ts";
import { readJson, readSpec } from "../../support/record-environment.ts";
import {
  type Recording,
  type RecordOptions,
  recordResources,
  UNKNOWN,
} from "../../support/record-resources.ts";
import { PROJECT_ROOT } from "../../support/stack-files.ts";

type Args = Omit<DatabaseSourceArgs, "search">;

const target = { url: { url: "https://search.example.com", authentication: { kind: "none" } } } as const;
const network = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/db-a1b2c3";
const given: GivenKafkaArgs = {
  bootstrapServers: ["kafka-1:9094", "kafka-2:9094"],
  authentication: { kind: "none" },
};
const shop: Args = {
  kind: "postgresql",
  host: "db.internal",
  database: "shop",
  secretArn,
  kafka: given,
  connect: "external",
};
const plugin = { bucketArn: "arn:aws:s3:::plugins", fileKey: "debezium.zip" };

interface Made {
  environment?: { readonly connectors?: Readonly<Record<string, { readonly name: string }>> };
}

async function recordRefusalOf(program: () => void): Promise<string> {
  let refused = "";
  const { resources } = await recordResources(() => {
    try {
      program();
    } catch (cause) {
      refused = String(cause);
    }
  });
  expect(resources.filter(({ name }) => name.startsWith("shop"))).toEqual([]);
  return refused;
}

/** A database `shop`, and a table for each name given, in an environment `prod`. */
function record(
  args: Args = shop,
  tables: readonly string[] = ["customers"],
  options: RecordOptions & { readonly search?: object } = {},
): Promise<Recording<Made>> {
  const { search: change, ...rest } = options;
  return recordResources(() => {
    const search = new SearchSync("prod", { target, code: fakeCode, network, readsSecrets: true, ...change });
    const sql = new DatabaseSource("shop", { search, ...args });
    for (const name of tables) {
      const source = { sql, table: `public.${name}` };
      new SyncedTable(name, { search, source, generations: [{ mode: "custom" }] });
    }
    const made: Made = {};
    search.describe().apply((environment) => {
      made.environment = environment;
    });
    return made;
  }, rest);
}

const reasonsOf = (args: object, inNetwork: boolean) =>
  findDatabaseFaults("shop", { ...shop, ...args }, inNetwork).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );

const managed: Args & { readonly kafka: GivenKafkaArgs } = {
  ...shop,
  kafka: {
    ...given,
    authentication: { kind: "iam" },
    clusterArn: "arn:aws:kafka:eu-central-1:1:cluster/c/u-1",
  },
  connect: { plugin },
};

describe("a database", () => {
  it("has one log for all its tables: a slot, a role, and a table's place in the publication each", async () => {
    const recording = await record(shop, ["customers", "orders"]);
    const names = recording.list().filter((line) => / shop(-|$)/.test(line));
    expect(names).toEqual([
      "aws-native:cloudformation:CustomResourceEmulator shop-log",
      "aws-native:cloudformation:CustomResourceEmulator shop-public-customers",
      "aws-native:cloudformation:CustomResourceEmulator shop-public-orders",
      "aws-native:cloudwatch:Alarm shop-slot-at-risk",
      "aws-native:cloudwatch:Alarm shop-slot-inactive",
      "aws-native:cloudwatch:Alarm shop-slot-lag",
      "aws-native:cloudwatch:Alarm shop-slot-lost",
      "aws-native:cloudwatch:Alarm shop-slot-retained",
      "aws-native:cloudwatch:Alarm shop-unseen",
      "aws-native:iam:Role shop-lifecycle",
      "aws-native:iam:Role shop-watch-role",
      "aws-native:iam:RolePolicy shop-lifecycle-source",
      "aws-native:iam:RolePolicy shop-watch-role-invoke",
      "aws-native:scheduler:Schedule shop-watch-schedule",
      "trueup:observability:SourceAlarms shop-alarms",
      "trueup:observability:WatchSchedule shop-watch",
      "trueup:source:DatabaseSource shop",
    ]);
  });

  it("tells index-lifecycle its names, its database and its Kafka", async () => {
    const { action, spec } = readSpec((await record()).find("shop-log", "CustomResourceEmulator"));
    expect(action).toBe("Source");
    expect(spec).toEqual({
      source: "shop",
      roleArn: expect.stringContaining("role/trueup/prod/lifecycle/shop-lifecycle"),
      connection: {
        engine: "postgresql",
        host: "db.internal",
        port: 5432,
        database: "shop",
        secretArn,
        tls: "verified",
      },
      names: expect.objectContaining({ slotName: "trueup_prod_shop", topicPrefix: "trueup-prod-shop" }),
      groupPrefix: "trueup-prod-",
      kafka: given,
      topics: { partitions: 3, replicationFactor: 3, retentionMillis: 7 * 24 * 3600 * 1000 },
    });
  });

  // A member that index-lifecycle did not know once failed every deploy of a table.
  it("tells index-lifecycle of source and tables in the words that it reads", async () => {
    const recording = await record();
    const spec = (name: string) => readSpec(recording.find(name, "CustomResourceEmulator")).spec;
    expect(sourceSpecSchema.safeParse(spec("shop-log")).error).toBeUndefined();
    expect(sqlTableSpecSchema.safeParse(spec("shop-public-customers")).error).toBeUndefined();
  });

  it("is looked up in RDS by its cluster, and refused where it is of another kind", async () => {
    const { host: _host, ...rest } = shop;
    const recording = await record({ ...rest, kind: "aurora-postgresql", cluster: "shop" });
    const { spec } = readSpec(recording.find("shop-log", "CustomResourceEmulator"));
    expect(spec).toMatchObject({
      connection: { host: expect.stringContaining("shop.cluster-"), port: 5432, authorities: "rds" },
    });
  });

  it.each([
    ["of RDS, the authorities of RDS", { kind: "rds-postgresql" }, { authorities: "rds" }],
    [
      "with an authority of its own, only that",
      { kind: "rds-postgresql", certificateAuthority: "PEM" },
      { certificateAuthority: "PEM" },
    ],
    ["elsewhere, those that Node trusts", { kind: "postgresql" }, {}],
  ] as const)("is trusted by its certificate: %s", async (_what, args, trusted) => {
    const recording = await record({ ...shop, ...args });
    const { spec } = readSpec(recording.find("shop-log", "CustomResourceEmulator"));
    const { connection } = sourceSpecSchema.parse(spec);
    const { certificateAuthority, authorities } = connection;
    expect(JSON.parse(JSON.stringify({ certificateAuthority, authorities }))).toEqual(trusted);
  });

  it("makes no new slot for another revision of a table", async () => {
    const before = (await record()).find("shop-log", "CustomResourceEmulator");
    const recording = await recordResources(() => {
      const search = new SearchSync("prod", { target, code: fakeCode, network, readsSecrets: true });
      const sql = new DatabaseSource("shop", { search, ...shop });
      const source = { sql, table: "public.customers" };
      const generations = [{ mode: "custom" }, { mode: "custom", revision: 2 }] as const;
      new SyncedTable("customers", { search, source, generations });
    });
    expect(recording.find("shop-log", "CustomResourceEmulator").inputs).toEqual(before.inputs);
    const group = (revision: number) =>
      recording.find(`customers-custom-${revision}-stream-mapping`, "EventSourceMapping").inputs[
        "selfManagedKafkaEventSourceConfig"
      ];
    expect([group(1), group(2)]).toEqual([
      { consumerGroupId: "trueup-prod-customers-custom-1-uuid-of-customers-custom-1-index-1a2b3c4" },
      { consumerGroupId: "trueup-prod-customers-custom-2-uuid-of-customers-custom-2-index-1a2b3c4" },
    ]);
  });

  it("has another slot, other topics and other resources with another revision of its own", async () => {
    const recording = await record({ ...shop, revision: 2 });
    const { spec } = readSpec(recording.find("shop-2-log", "CustomResourceEmulator"));
    expect(spec).toMatchObject({
      names: { slotName: "trueup_prod_shop_2", topicPrefix: "trueup-prod-shop-2" },
    });
  });

  it("exports the configuration of a connector that the user runs, with no secret in it", async () => {
    const { result } = await record();
    expect(result?.environment?.connectors?.["shop"]).toMatchObject({
      name: "trueup-prod-shop",
      configuration: {
        "topic.prefix": "trueup-prod-shop",
        "database.password": `\${secrets:shop/db:password}`,
        "producer.override.acks": "all",
      },
    });
  });

  it("knows in a first preview all that is not made by it", async () => {
    const recording = await record(managed, ["customers"], { preview: true });
    const { inputs } = recording.find("shop-connect-connector", "Connector");
    expect(inputs).toMatchObject({ connectorName: "trueup-prod-shop", kafkaConnectVersion: "3.7.x" });
    expect(recording.find("customers-custom-1-stream", "Function").inputs).toMatchObject({
      environment: { variables: { TRUEUP_SETTINGS: UNKNOWN } },
    });
  });
});

describe("the watch over a database", () => {
  const lifecycle = "arn:aws:lambda:eu-central-1:111122223333:function:prod-lifecycle-1a2b3c4";

  it("looks at the slot every minute, once it is there, in words that index-lifecycle reads", async () => {
    const recording = await record(managed);
    const schedule = recording.find("shop-watch-schedule", "Schedule");
    expect(schedule.inputs).toEqual({
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      state: "ENABLED",
      target: {
        arn: lifecycle,
        roleArn: "arn:aws:iam::111122223333:role/shop-watch-role-1a2b3c4",
        input: expect.any(String),
      },
    });
    const command = parseCommand(readJson(schedule, "target", "input"));
    expect(command).toMatchObject({
      command: "watch-source",
      source: { source: "shop", slotName: "trueup_prod_shop", connection: { host: "db.internal" } },
    });
    const [slot, connector] = [
      recording.find("shop-log", "CustomResourceEmulator"),
      recording.find("shop-connect-connector", "Connector"),
    ];
    expect([...recording.dependenciesOf(schedule)]).toEqual(
      expect.arrayContaining([slot.urn, connector.urn]),
    );
  });

  it("looks every five minutes how far a table is behind, unless it is let go", async () => {
    const schedule = (await record()).find("customers-watch-schedule", "Schedule");
    expect(schedule.inputs).toMatchObject({ scheduleExpression: "rate(5 minutes)", state: "ENABLED" });
    expect(parseCommand(readJson(schedule, "target", "input"))).toMatchObject({
      command: "watch-table",
      table: { table: "customers", source: { log: { slotName: "trueup_prod_shop" } } },
    });
  });

  it("may do nothing but invoke index-lifecycle", async () => {
    const { inputs } = (await record()).find("shop-watch-role-invoke", "RolePolicy");
    expect(inputs["policyDocument"]).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [lifecycle] }],
    });
  });

  it("rings by these lines, of the slot, the connector, the lag and the gaps", async () => {
    const alarms = (await record(managed))
      .all("Alarm")
      .filter(({ name }) => /^shop-|-(lag|lag-unknown|gap)$/.test(name));
    const lines = alarms.map(({ name, inputs }) => {
      const { metricName, statistic, threshold, comparisonOperator, treatMissingData, period } = inputs;
      const below = comparisonOperator === "LessThanThreshold" ? `below, ${treatMissingData}` : "reached";
      return `${name}: ${metricName} ${statistic} ${threshold} ${below} ${period} s`;
    });
    expect(lines.sort()).toEqual([
      "customers-custom-1-gap: StreamGaps Sum 1 reached 300 s",
      "customers-custom-1-lag-unknown: LagUnknown Minimum 1 reached 1800 s",
      "customers-custom-1-lag: LagMillis Maximum 483840000 reached 300 s",
      "shop-connector-failed: ErroredTaskCount Maximum 1 reached 300 s",
      "shop-connector-stopped: RunningTaskCount Maximum 1 below, breaching 300 s",
      "shop-slot-at-risk: SlotAtRisk Maximum 1 reached 300 s",
      "shop-slot-inactive: SlotInactive Minimum 1 reached 300 s",
      "shop-slot-lag: SlotUnconfirmed Minimum 5368709120 reached 300 s",
      "shop-slot-lost: SlotLost Maximum 1 reached 300 s",
      "shop-slot-retained: SlotRetained Minimum 10737418240 reached 300 s",
      "shop-unseen: SourceUnseen Minimum 1 reached 300 s",
    ]);
  });

  it("names headings that the runbook has, and metrics that the parts agree on", async () => {
    const [runbook, internals] = ["runbook.md", "internals.md"].map((page) =>
      readFileSync(join(PROJECT_ROOT, "docs", page), "utf8"),
    );
    const alarms = (await record(managed)).all("Alarm");
    for (const { inputs } of alarms) {
      const heading = /#(.+)\.$/.exec(String(inputs["alarmDescription"]))?.[1];
      expect(runbook).toContain(`## ${heading}\n`);
      if (inputs["namespace"] === "Trueup") expect(internals).toContain(`\`${inputs["metricName"]}\``);
    }
  });

  it("is shown on the dashboard, above its tables", async () => {
    const dashboard = readJson((await record()).find("prod-dashboard", "Dashboard"), "dashboardBody");
    const widgets = z
      .array(z.object({ properties: z.object({ title: z.string(), metrics: z.array(z.array(z.string())) }) }))
      .parse(dashboard["widgets"]);
    expect(widgets.slice(0, 3).map(({ properties }) => properties.title)).toEqual([
      "shop: log kept for the slot, bytes",
      "shop: log not in Kafka yet, bytes",
      "shop: slot unread, at risk, lost",
    ]);
    expect(widgets[4]?.properties.metrics).toEqual([
      [
        ...["Trueup", "LagMillis", "service", "trueup", "environment", "prod"],
        ...["table", "customers", "generation", "customers-custom-1"],
      ],
    ]);
  });
});

describe("the mapping of a table", () => {
  it("reads the topic from its beginning, without a limit of retries, by provisioned pollers, and drops nothing", async () => {
    const { inputs } = (await record()).find("customers-custom-1-stream-mapping", "EventSourceMapping");
    expect(inputs).toEqual({
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: ["kafka-1:9094", "kafka-2:9094"] } },
      selfManagedKafkaEventSourceConfig: {
        consumerGroupId: "trueup-prod-customers-custom-1-uuid-of-customers-custom-1-index-1a2b3c4",
      },
      sourceAccessConfigurations: [
        { type: "VPC_SUBNET", uri: "subnet:subnet-1" },
        { type: "VPC_SUBNET", uri: "subnet:subnet-2" },
        { type: "VPC_SECURITY_GROUP", uri: "security_group:sg-1" },
      ],
      functionName: expect.any(String),
      topics: ["trueup-prod-shop.public.customers"],
      startingPosition: "TRIM_HORIZON",
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 0,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
      bisectBatchOnFunctionError: false,
      functionResponseTypes: ["ReportBatchItemFailures"],
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 3 },
    });
  });

  it("finds a cluster of MSK by its ARN", async () => {
    const recording = await record(managed);
    const { inputs } = recording.find("customers-custom-1-stream-mapping", "EventSourceMapping");
    expect(inputs).toMatchObject({
      eventSourceArn: "arn:aws:kafka:eu-central-1:1:cluster/c/u-1",
      amazonManagedKafkaEventSourceConfig: { consumerGroupId: expect.any(String) },
    });
    expect(inputs).not.toHaveProperty("selfManagedEventSource");
  });

  it("is known by a user's name and password where Kafka asks for them", async () => {
    const kafkaSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-a1b2c3";
    const kafka = { ...given, authentication: { kind: "scram", secretArn: kafkaSecret } } as const;
    const { inputs } = (await record({ ...shop, kafka })).find(
      "customers-custom-1-stream-mapping",
      "EventSourceMapping",
    );
    expect(inputs["sourceAccessConfigurations"]).toContainEqual({
      type: "SASL_SCRAM_512_AUTH",
      uri: kafkaSecret,
    });
  });

  it("is joined by re-reads that need no order, fifty messages after a second of gathering", async () => {
    const recording = await record();
    const queue = recording.find("customers-custom-1-reindex", "Queue");
    expect(queue.inputs).not.toHaveProperty("fifoQueue");
    expect(recording.find("customers-custom-1-reindex-mapping", "EventSourceMapping").inputs).toMatchObject({
      batchSize: 50,
      maximumBatchingWindowInSeconds: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("begins when the topic is there, and is gone before the topic is", async () => {
    const recording = await record(managed);
    const mapping = recording.find("customers-custom-1-stream-mapping", "EventSourceMapping");
    const needs = recording.dependenciesOf(mapping);
    const table = recording.find("shop-public-customers", "CustomResourceEmulator");
    const connector = recording.find("shop-connect-connector", "Connector");
    const log = recording.find("shop-log", "CustomResourceEmulator");
    expect([table, connector, log].map(({ urn }) => needs.has(urn))).toEqual([true, true, true]);
    expect(recording.dependenciesOf(connector).has(log.urn)).toBe(true);
    expect(recording.dependenciesOf(table).has(log.urn)).toBe(true);
  });
});

describe("a connector of MSK Connect", () => {
  it("has one worker, one task, one name for ever, and an offsets topic of its own", async () => {
    const recording = await record(managed);
    expect(recording.find("shop-connect-connector", "Connector").inputs).toMatchObject({
      connectorName: "trueup-prod-shop",
      capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
      connectorConfiguration: { "tasks.max": "1", "config.action.reload": "none" },
      kafkaClusterClientAuthentication: { authenticationType: "IAM" },
      kafkaClusterEncryptionInTransit: { encryptionType: "TLS" },
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: "kafka-1:9094,kafka-2:9094",
          vpc: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] },
        },
      },
    });
    const worker = recording.find("shop-connect-worker", "WorkerConfiguration").inputs;
    const properties = Buffer.from(z.string().parse(worker["propertiesFileContent"]), "base64").toString();
    expect(properties).toContain("offset.storage.topic=trueup-prod-shop-offsets\n");
  });

  it("is made anew under the same name when its configuration changes, and its worker under another", async () => {
    const name = async (args: Args, suffix: string, type: string) =>
      (await record(args)).find(`shop-connect-${suffix}`, type).inputs;
    const other: Args = { ...managed, connect: { plugin, secretsProvider: "com.example.Provider" } };
    const [before, after] = [
      await name(managed, "worker", "WorkerConfiguration"),
      await name(other, "worker", "WorkerConfiguration"),
    ];
    expect(after["name"]).not.toBe(before["name"]);
    expect((await name(other, "connector", "Connector"))["connectorName"]).toBe("trueup-prod-shop");
  });

  it("takes a plugin that is assembled, named by its content", async () => {
    const recording = await recordResources(() => {
      const search = new SearchSync("prod", { target, code: fakeCode, network });
      const assemble = () => ({ file: __filename, sha256: "0123456789abcdef" });
      const connect = { plugin: { assemble: { jars: ["/jars/provider.jar"] } } };
      new DatabaseSource("shop", { search, ...managed, connect }, {}, assemble);
    });
    expect(recording.find("shop-connect-plugin", "CustomPlugin").inputs).toMatchObject({
      name: "trueup-prod-shop-01234567",
      contentType: "ZIP",
      location: { s3Location: { fileKey: "artifacts/0123456789abcdef-shop-connect-plugin.zip" } },
    });
  });
});

describe("a cluster of MSK that is made", () => {
  it("is protected, known by IAM alone, over TLS, with brokers in each subnet", async () => {
    const recording = await record({ ...shop, kafka: { create: { brokersEach: 2 } }, connect: { plugin } });
    const cluster = recording.find("shop-kafka", "Cluster");
    expect(cluster).toMatchObject({ protect: true, retainOnDelete: true });
    expect(cluster.inputs).toMatchObject({
      kafkaVersion: "3.8.x",
      numberOfBrokerNodes: 4,
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    });
  });
});

describe("a generation that the connector fills", () => {
  const recordFilled = (source: "sql" | "dynamodb") =>
    recordResources(() => {
      const search = new SearchSync("prod", { target, code: fakeCode, network, readsSecrets: true });
      const sql = new DatabaseSource("shop", { search, ...managed });
      const generations = [{ mode: "custom", bootstrap: "incremental-snapshot" }] as const;
      const of = source === "sql" ? { sql, table: "public.customers" } : { dynamodb: "customers" };
      new SyncedTable("customers", { search, source: of, generations });
    });

  it("is built by asking for a snapshot and waiting for it, without export or loader", async () => {
    const recording = await recordFilled("sql");
    const build = readJson(recording.find("customers-custom-1-build", "StateMachine"), "definitionString");
    const text = JSON.stringify(build);
    expect(text).toContain('"step":"check-incremental-load"');
    expect(text).not.toContain("check-managed-load");
    expect(text).not.toContain("start-load-export");
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(build["States"]))).toEqual(
      expect.arrayContaining(["CheckLoad", "LoadStarted", "LoadFinished", "Audit", "Cutover"]),
    );
  });

  it("has an index like any other, and an audit that may read what the connector tells", async () => {
    const recording = await recordFilled("sql");
    const { spec } = readSpec(recording.find("customers-custom-1-index", "CustomResourceEmulator"));
    expect(spec).not.toHaveProperty("bootstrap");
    const access = JSON.stringify(recording.find("customers-access-audit-table", "RolePolicy").inputs);
    expect(access).toContain("topic/c/u-1/trueup-prod-shop-notifications*");
  });

  it("is refused of a table of DynamoDB, which has no Debezium", async () => {
    await expect(recordFilled("dynamodb")).rejects.toMatchObject({
      errors: [
        { propertyPath: "generations[0].bootstrap", reason: expect.stringContaining("DynamoDB has none") },
      ],
    });
  });
});

describe("roles", () => {
  it("let the consumer read its own topic as its own group, and nobody else's", async () => {
    const policy = (await record(managed)).find("customers-custom-1-stream-role-function", "RolePolicy");
    const text = JSON.stringify(policy.inputs);
    expect(text).toContain("topic/c/u-1/trueup-prod-shop.public.customers*");
    expect(text).toContain("group/c/u-1/trueup-prod-customers-custom-1-*");
    expect(text).not.toContain("kafka-cluster:WriteData");
  });

  it("let re-reads read the database's secret and its key, not DynamoDB", async () => {
    const recording = await record({ ...shop, secretKeyArn: "arn:aws:kms:eu-central-1:1:key/k" });
    const text = JSON.stringify(
      recording.find("customers-custom-1-reread-role-function", "RolePolicy").inputs,
    );
    expect(text).toContain(secretArn);
    expect(text).toContain("arn:aws:kms:eu-central-1:1:key/k");
    expect(text).not.toContain("dynamodb:");
  });
});

it("tells consumers the table's key, as index-lifecycle read it, and how to reach both", async () => {
  const recording = await record();
  const settings = readJson(
    recording.find("customers-custom-1-stream", "Function"),
    "environment",
    "variables",
    "TRUEUP_SETTINGS",
  );
  expect(settings).toMatchObject({
    manifestBuckets: 16,
    source: {
      kind: "sql",
      sourceName: "shop",
      tableName: "public.customers",
      key: { partitionKey: { name: "id", type: "N" } },
      log: { topicPrefix: "trueup-prod-shop", slotName: "trueup_prod_shop" },
      snapshot: { kind: "query" },
    },
  });
});

it("is refused before anything of it is made", async () => {
  const refused = await recordRefusalOf(() => {
    const search = new SearchSync("prod", { target, code: fakeCode });
    new DatabaseSource("shop", { ...shop, search, revision: 0, kafka: { create: {} } });
  });
  expect(refused).toMatch(/shop has 2 bad argument/);
});

it.each<[string, object, string]>([
  ["a kind without its locator", { kind: "rds-postgresql", host: undefined }, "instance"],
  ["another kind's locator", { cluster: "c" }, "does not find a database of kind postgresql"],
  ["MySQL with a Kafka", { kind: "rds-mysql", instance: "i" }, "custom mode, which knows no MySQL"],
  ["a Kafka that nobody fills", { connect: undefined }, "is required with kafka"],
  ["a connector without a Kafka", { kafka: undefined }, "there is no kafka"],
  ["IAM without a cluster", { kafka: { ...given, authentication: { kind: "iam" } } }, "kafka.clusterArn"],
  [
    "MSK Connect at a Kafka that asks for passwords",
    { kafka: { ...given, authentication: { kind: "scram", secretArn } }, connect: { plugin } },
    "by IAM or not at all",
  ],
  ["MSK Connect outside a network", { connect: { plugin } }, "give the environment a network"],
  [
    "a plugin without a class that reads secrets",
    { connect: { plugin: { assemble: { jars: [] } } } },
    "must list the jar",
  ],
  [
    "a jar by a relative path",
    { connect: { plugin: { assemble: { jars: ["a.jar"] } } } },
    "must be an absolute path",
  ],
  ["odd capacity", { connect: { plugin, capacityUnits: 3 } }, "must be one of 1, 2, 4, 8"],
  ["too short a retention", { kafka: { ...given, retentionHours: 1 } }, "24 to 8760"],
])("is refused with %s", (what, args, reason) => {
  const reasons = reasonsOf(args, !what.endsWith("outside a network"));
  expect(reasons).toEqual([expect.stringContaining(reason)]);
});

it("has no fault as it is used above", () => {
  expect([reasonsOf({}, false), reasonsOf(managed, true)]).toEqual([[], []]);
});
