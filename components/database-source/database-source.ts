import type * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import {
  type ConnectConfiguration,
  notificationsTopic,
  type TopicSettings,
} from "../../core/debezium/connector-configuration.ts";
import { consumerGroupPrefix } from "../../core/debezium/consumer-group.ts";
import { type LogNames, nameLog } from "../../core/debezium/log-names.ts";
import {
  type DatabaseConnection,
  type DatabaseLog,
  OWN_SCHEMA,
  type SnapshotSettings,
  topicOf,
} from "../../core/source-descriptor.ts";
import { parseTableKey } from "../../core/table-key-text.ts";
import { accessPath } from "../assume-access.ts";
import { refuseFaults } from "../faults.ts";
import { decryptingWith, type Grant, makeRole, trustRole } from "../iam.ts";
import { type LifecycleResourceArgs, makeLifecycleResource } from "../lifecycle-resource.ts";
import { SourceAlarms } from "../observability/source-alarms.ts";
import { WatchSchedule } from "../observability/watch-schedule.ts";
import type { SearchSync } from "../search-sync.ts";
import type { KafkaLink, SqlSource } from "../table-context.ts";
import type { AssemblePlugin } from "./connect-plugin.ts";
import { MskConnector } from "./connector.ts";
import { configureConnector } from "./connector-description.ts";
import type { DatabaseSourceArgs } from "./database-args.ts";
import { KAFKA_DEFAULTS, RETAINED_GIBIBYTES } from "./database-defaults.ts";
import { findDatabaseFaults } from "./database-faults.ts";
import { resolveKafka } from "./kafka-cluster.ts";
import { kafkaGrants } from "./kafka-grants.ts";
import { resolveConnection, resolveSnapshot } from "./resolve-connection.ts";

const HOUR_MILLIS = 3_600_000;

/** What a source's log is made of: the slot and publication, Kafka, the connector between. */
interface LogParts {
  readonly kafka: KafkaLink;
  readonly log: pulumi.Output<DatabaseLog>;
  readonly topics: TopicSettings;
  readonly slot: pulumi.Resource;
  readonly connector: ConnectorDescription;
  /** Where MSK Connect runs it. */
  readonly running: MskConnector | undefined;
}

/** A connector as Kafka Connect takes it. */
export interface ConnectorDescription {
  readonly name: string;
  readonly configuration: pulumi.Output<ConnectConfiguration>;
}

/**
 * A database that tables are taken of: how to reach it, and its one log for all of them. Slot, publication, topics and
 * connector are of the source; a generation of a table is only one more reader.
 *
 * Its security groups, and Kafka's, must let the environment's functions in. Nothing in it is changed but a schema `trueup`,
 * a publication and a slot, which are ours.
 *
 * @example
 * ```ts
 * const shop = new DatabaseSource("shop", {
 *   search, kind: "aurora-postgresql", cluster: "shop", database: "shop", secretArn, kafka, connect: "external",
 * });
 * new SyncedTable("customers", { search, source: { sql: shop, table: "public.customers" }, generations: [{ mode: "custom" }] });
 * ```
 */
export class DatabaseSource extends pulumi.ComponentResource {
  readonly sourceName: string;
  /** What its tables are judged by before anything of it is known. */
  readonly declared: Pick<DatabaseSourceArgs, "kind" | "kafka">;
  readonly connection: pulumi.Output<DatabaseConnection>;
  /** How whole tables are read. */
  readonly snapshot: pulumi.Output<SnapshotSettings>;
  readonly names: LogNames;
  readonly #search: SearchSync;
  readonly #roleArn: pulumi.Output<string>;
  readonly #reading: readonly Grant[];
  readonly #parts: LogParts | undefined;
  readonly #tables = new Map<string, awsNative.cloudformation.CustomResourceEmulator>();

  /** @param assemble - how a plugin is assembled; by Maven unless a test says otherwise */
  constructor(
    name: string,
    args: DatabaseSourceArgs,
    opts?: pulumi.ComponentResourceOptions,
    assemble?: AssemblePlugin,
  ) {
    const { search, kind, kafka, secretArn, secretKeyArn, revision = 1 } = args;
    const inNetwork = search.context.vpcConfig !== undefined;
    refuseFaults(`DatabaseSource ${name}`, findDatabaseFaults(name, args, inNetwork));
    super("trueup:source:DatabaseSource", name, {}, { parent: search, ...opts });
    this.sourceName = name;
    this.#search = search;
    this.declared = { kind, ...(kafka === undefined ? {} : { kafka }) };
    this.names = nameLog({ environment: search.context.environment, source: name, revision });
    this.connection = resolveConnection(args, this);
    this.snapshot = resolveSnapshot(args);
    this.#reading = [
      { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
      ...decryptingWith(secretKeyArn),
    ];
    const link = kafka && resolveKafka(`${name}-kafka`, this.names.topicPrefix, kafka, search.context, this);
    this.#roleArn = this.#makeRole(name, link);
    this.#parts = link && this.#makeLog(name, args, link, assemble);
    search.registerSource({ source: name, connector: this.connector });
    this.registerOutputs({ topicPrefix: this.names.topicPrefix });
  }

  /** The connector's configuration; with `connect: external` you give it to your Kafka Connect. Undefined without Kafka. */
  get connector(): ConnectorDescription | undefined {
    return this.#parts?.connector;
  }

  /** A table of it as a source: published and with a topic, where it has a log. @param tableName - `schema.table` */
  table(tableName: string): SqlSource {
    const resource = this.#tables.get(tableName) ?? this.#makeTable(tableName);
    this.#tables.set(tableName, resource);
    const key = resource.data.apply((data: Readonly<Record<string, unknown>> | undefined) =>
      parseTableKey(String(data?.["key"] ?? "")),
    );
    const { sourceName, connection, snapshot } = this;
    const parts = this.#parts;
    const log = parts?.log;
    return {
      kind: "sql",
      tableName: pulumi.output(tableName),
      topic: topicOf(this.names, tableName),
      heartbeatTopic: topicOf(this.names, `${OWN_SCHEMA}.heartbeat`),
      notificationsTopic: notificationsTopic(this.names),
      descriptor: pulumi
        .output({ key, connection, snapshot, ...(log === undefined ? {} : { log }) })
        .apply((known) => ({ kind: "sql" as const, sourceName, tableName, ...known })),
      log: parts && {
        log: parts.log,
        kafka: parts.kafka,
        retentionMillis: parts.topics.retentionMillis,
      },
      reading: this.#reading,
      ready: [resource, ...(parts?.running === undefined ? [] : [parts.running])],
    };
  }

  #makeTable(tableName: string): awsNative.cloudformation.CustomResourceEmulator {
    const parts = this.#parts;
    const { publicationName } = this.names;
    const log = parts && {
      publicationName,
      topic: topicOf(this.names, tableName),
      groupPrefix: consumerGroupPrefix(this.#search.context.environment),
      kafka: parts.log.kafka,
      topics: parts.topics,
    };
    return makeLifecycleResource(
      `${this.#logName()}-${tableName.replaceAll(".", "-")}`,
      {
        action: "SqlTable",
        ...this.#lifecycle(),
        spec: pulumi.output({
          source: this.sourceName,
          roleArn: this.#roleArn,
          connection: this.connection,
          tableName,
          ...(log === undefined ? {} : { log }),
        }),
      },
      { parent: this, dependsOn: parts === undefined ? [...this.#search.ready] : [parts.slot] },
    );
  }

  /** Another revision is another log: it is made beside the old one, which goes when nothing reads it. */
  #logName(): string {
    const { environment } = this.#search.context;
    return this.names.topicPrefix.slice(`trueup-${environment}-`.length);
  }

  #lifecycle(): Pick<LifecycleResourceArgs, "functionArn" | "responseBucket"> {
    const { lifecycle, context } = this.#search;
    return { functionArn: lifecycle.arn, responseBucket: context.stateBucket.name };
  }

  /** What index-lifecycle touches the source under. */
  #makeRole(name: string, kafka: KafkaLink | undefined): pulumi.Output<string> {
    const { context, lifecycle } = this.#search;
    const { topicPrefix, heartbeatTopic } = this.names;
    const touched = {
      topics: [topicPrefix, heartbeatTopic],
      groups: [consumerGroupPrefix(context.environment)],
    };
    const administering = kafka === undefined ? [] : kafkaGrants(kafka, "administer", touched);
    const { arn } = makeRole(
      `${name}-lifecycle`,
      {
        trust: trustRole(context.partition, context.accountId, lifecycle.roleArn),
        path: accessPath(context, "lifecycle"),
        grants: { source: [...this.#reading, ...administering] },
        permissionsBoundary: context.permissionsBoundary,
      },
      { parent: this },
    );
    return arn;
  }

  #makeLog(
    name: string,
    args: DatabaseSourceArgs,
    kafka: KafkaLink,
    assemble: AssemblePlugin | undefined,
  ): LogParts {
    const { names, connection } = this;
    const { partitions, replicationFactor, retentionHours } = { ...KAFKA_DEFAULTS, ...args.kafka };
    const topics = { partitions, replicationFactor, retentionMillis: retentionHours * HOUR_MILLIS };
    const slot = this.#makeSlot(kafka, topics);
    const described = { names, connection, kafka: kafka.connection, topics, connect: args.connect };
    const configuration = configureConnector(described);
    const secretArn = pulumi.output(args.secretArn);
    const around = { names, kafka, configuration, secretArn, reading: this.#reading, slot, assemble };
    const running =
      args.connect === undefined || args.connect === "external"
        ? undefined
        : new MskConnector(`${name}-connect`, this.#search.context, args.connect, around, { parent: this });
    const connector = { name: names.connectorName, configuration };
    this.#watch(name, args, slot, running);
    return { kafka, log: toLog(names, kafka, topics), topics, slot, connector, running };
  }

  /** Looks at the slot every minute, and rings when it, or what reads it, is not as it should be. */
  #watch(
    name: string,
    args: DatabaseSourceArgs,
    slot: pulumi.Resource,
    running: MskConnector | undefined,
  ): void {
    const { environment } = this.#search.context;
    const { slotName, connectorName } = this.names;
    const after = running === undefined ? [slot] : [slot, running.connector];
    const source = pulumi
      .output({ roleArn: this.#roleArn, connection: this.connection })
      .apply((known) => ({ source: name, ...known, slotName }));
    const command = source.apply((known) => ({ command: "watch-source" as const, source: known }));
    new WatchSchedule(`${name}-watch`, this.#search, { everyMinutes: 1, command, after }, { parent: this });
    new SourceAlarms(
      `${name}-alarms`,
      {
        environment,
        source: name,
        retainedGibibytes: args.retainedLogAlarmGibibytes ?? RETAINED_GIBIBYTES,
        connectorName: running === undefined ? undefined : connectorName,
        topicArn: this.#search.topic.topicArn,
        after,
      },
      { parent: this },
    );
  }

  #makeSlot(kafka: KafkaLink, topics: TopicSettings): pulumi.Resource {
    return makeLifecycleResource(
      `${this.#logName()}-log`,
      {
        action: "Source",
        ...this.#lifecycle(),
        spec: pulumi.output({
          source: this.sourceName,
          roleArn: this.#roleArn,
          connection: this.connection,
          names: this.names,
          groupPrefix: consumerGroupPrefix(this.#search.context.environment),
          kafka: kafka.connection,
          topics,
        }),
      },
      { parent: this, dependsOn: [...this.#search.ready] },
    );
  }
}

function toLog(
  { slotName, publicationName, topicPrefix }: LogNames,
  { connection }: KafkaLink,
  { retentionMillis }: TopicSettings,
): pulumi.Output<DatabaseLog> {
  const named = { topicPrefix, slotName, publicationName, retentionMillis };
  return connection.apply((kafka) => ({ kafka, ...named }));
}
