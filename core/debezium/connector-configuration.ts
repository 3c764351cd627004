import type { DatabaseConnection, KafkaConnection } from "../source-descriptor.ts";
import type { LogNames } from "./log-names.ts";
import { HEARTBEAT_TABLE, SIGNAL_TABLE } from "./own-tables.ts";

/** A configuration of Kafka Connect: every value is text. */
export type ConnectConfiguration = Readonly<Record<string, string>>;

/** What a connector is told beside what never differs. */
export interface ConnectorArgs {
  readonly names: LogNames;
  readonly connection: Pick<DatabaseConnection, "host" | "port" | "database" | "tls">;
  /** Texts, or placeholders that the worker's configuration provider fills in. */
  readonly credentials: { readonly username: string; readonly password: string };
  readonly kafka: KafkaConnection;
  readonly topics: TopicSettings;
}

/** How topics are made. */
export interface TopicSettings {
  /** Fixed for the life of a topic: a record's key says in which it lies. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly retentionMillis: number;
}

/**
 * The largest event, bytes. Lambda is invoked with at most 6 MB, and Kafka's records travel there as base64.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAXIMUM_EVENT_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MILLIS = 10_000;
const JSON_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";

/**
 * The configuration of a source's connector; `docs/decisions/0013-debezium-connector.md` gives each choice its reason.
 *
 * It names no table: what is published is what comes, so a table more is no other connector.
 *
 * @see https://debezium.io/documentation/reference/3.3/connectors/postgresql.html#postgresql-connector-properties
 */
export function makeConnectorConfiguration(args: ConnectorArgs): ConnectConfiguration {
  return {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "tasks.max": "1",
    ...databaseOptions(args),
    ...logOptions(args.names),
    ...valueOptions(),
    ...signalOptions(args),
    // The end of an incremental snapshot is told nowhere else.
    "notification.enabled.channels": "sink",
    "notification.sink.topic.name": notificationsTopic(args.names),
    ...topicOptions(args.topics),
    "key.converter": JSON_CONVERTER,
    "key.converter.schemas.enable": "false",
    "value.converter": JSON_CONVERTER,
    "value.converter.schemas.enable": "false",
    // Nothing is ever skipped: what cannot be converted stops the task, which rings.
    "errors.tolerance": "none",
    "errors.max.retries": "-1",
    "poll.interval.ms": "50",
  };
}

function databaseOptions({ connection, credentials }: ConnectorArgs): ConnectConfiguration {
  return {
    "database.hostname": connection.host,
    "database.port": String(connection.port),
    "database.dbname": connection.database,
    "database.user": credentials.username,
    "database.password": credentials.password,
    // Encrypted; a worker of MSK Connect has no file of authorities to check the certificate with.
    "database.sslmode": connection.tls === "off" ? "disable" : "require",
  };
}

function logOptions({ topicPrefix, slotName, publicationName }: LogNames): ConnectConfiguration {
  return {
    "topic.prefix": topicPrefix,
    "plugin.name": "pgoutput",
    // Made by index-lifecycle before anything relies on them; a connector that made its own would hide that one was lost.
    "slot.name": slotName,
    "slot.drop.on.stop": "false",
    "slot.max.retries": "60",
    "publication.name": publicationName,
    "publication.autocreate.mode": "disabled",
    "publish.via.partition.root": "true",
    // Loads come from exports; an initial snapshot that is interrupted or taken again loses changes without a word.
    "snapshot.mode": "no_data",
    // By default truncations are.
    "skipped.operations": "none",
    // The delete's own event says it all; a record without a value would only be one more.
    "tombstones.on.delete": "false",
    "heartbeat.interval.ms": String(HEARTBEAT_MILLIS),
    "heartbeat.action.query": `INSERT INTO ${HEARTBEAT_TABLE.name} (id, beaten_at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET beaten_at = excluded.beaten_at`,
  };
}

/** Every value with all its digits. */
function valueOptions(): ConnectConfiguration {
  return {
    "decimal.handling.mode": "string",
    "time.precision.mode": "isostring",
    "interval.handling.mode": "string",
    // The converter writes bytes as base64 wherever they stand, in arrays too.
    "binary.handling.mode": "bytes",
    "hstore.handling.mode": "json",
    "include.unknown.datatypes": "true",
  };
}

/** By the channel of Kafka too where it can be read without credentials: those of a worker are not the connector's. */
function signalOptions({ names, kafka }: ConnectorArgs): ConnectConfiguration {
  const source = { "signal.data.collection": SIGNAL_TABLE.name };
  if (kafka.authentication.kind !== "none") return { ...source, "signal.enabled.channels": "source" };
  return {
    ...source,
    "signal.enabled.channels": "source,kafka",
    "signal.kafka.topic": signalsTopic(names),
    "signal.kafka.bootstrap.servers": kafka.bootstrapServers.join(","),
  };
}

/** Where orders lie for a connector that reads them of Kafka. */
export function signalsTopic({ topicPrefix }: Pick<LogNames, "topicPrefix">): string {
  return `${topicPrefix}-signals`;
}

/** Where a connector tells how far it came with snapshots. */
export function notificationsTopic({ topicPrefix }: Pick<LogNames, "topicPrefix">): string {
  return `${topicPrefix}-notifications`;
}

/** Of topics that index-lifecycle did not make before: such as of a table that somebody else published. */
function topicOptions(topics: TopicSettings): ConnectConfiguration {
  const settings = Object.entries(topicConfiguration(topics));
  return {
    "topic.creation.default.partitions": String(topics.partitions),
    "topic.creation.default.replication.factor": String(topics.replicationFactor),
    ...Object.fromEntries(settings.map(([name, value]) => [`topic.creation.default.${name}`, value])),
  };
}

/** What a topic of events is made with. Compaction would keep the last change of each row only, and of a delete nothing. */
export function topicConfiguration({
  retentionMillis,
}: Pick<TopicSettings, "retentionMillis">): ConnectConfiguration {
  return {
    "cleanup.policy": "delete",
    "retention.ms": String(retentionMillis),
    "max.message.bytes": String(MAXIMUM_EVENT_BYTES),
  };
}

/**
 * How events are written: in order, once, by all replicas, and few bytes.
 *
 * @param prefix - `producer.` in a worker's configuration, `producer.override.` in a connector's
 */
export function producerOptions(prefix: "producer." | "producer.override."): ConnectConfiguration {
  const options = {
    acks: "all",
    "enable.idempotence": "true",
    "compression.type": "lz4",
    "linger.ms": "5",
    "max.request.size": String(MAXIMUM_EVENT_BYTES),
  };
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`${prefix}${name}`, value]));
}
