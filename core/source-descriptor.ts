import type { TableKey } from "./attribute-value.ts";
import { SyncError } from "./errors.ts";

/** Where the records of a table come from. ARNs and endpoints are resolved. */
export type SourceDescriptor = DynamoDbTable | SqlTable;

/** A DynamoDB table, which is a source of its own. */
export interface DynamoDbTable {
  readonly kind: "dynamodb";
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly key: TableKey;
}

/** A table of a database whose change log it shares with the database's other tables. */
export interface SqlTable {
  readonly kind: "sql";
  /** The entry under `sources:` that it belongs to. */
  readonly sourceName: string;
  /** `schema.table`, as the database spells it. */
  readonly tableName: string;
  /** Its primary key, as index-lifecycle read it in the database. */
  readonly key: TableKey;
  readonly connection: DatabaseConnection;
  /** The log of the database; absent where only managed pipelines read it. */
  readonly log?: DatabaseLog;
  /** How the whole table is read for loads and audits. */
  readonly snapshot: SnapshotSettings;
}

/** How to reach a database. */
export interface DatabaseConnection {
  readonly engine: DatabaseEngine;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** A secret with `{"username", "password"}`, as RDS keeps them. */
  readonly secretArn: string;
  /** `verified`: TLS, the certificate checked. `off` is for a database of one's own on a trusted network. */
  readonly tls: "verified" | "off";
  /** Certificate authority, PEM. Absent: those that Node trusts, and with `authorities` more. */
  readonly certificateAuthority?: string;
  /** `rds`: the authorities that sign for RDS and Aurora are trusted too. */
  readonly authorities?: "rds";
}

export type DatabaseEngine = "postgresql" | "mysql";

/** A database's changes in Kafka, as Debezium brings them; one for all its tables and all their generations. */
export interface DatabaseLog {
  readonly kafka: KafkaConnection;
  /** First part of every topic; a table's topic is `<prefix>.<schema>.<table>`. */
  readonly topicPrefix: string;
  /** PostgreSQL's replication slot. */
  readonly slotName: string;
  readonly publicationName: string;
  /** How long the topics keep a change, milliseconds. */
  readonly retentionMillis: number;
}

/** How to reach a Kafka. */
export interface KafkaConnection {
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  readonly authentication:
    | { readonly kind: "none" }
    /** A secret with `{"username", "password"}`; SCRAM-SHA-512 over TLS. */
    | { readonly kind: "scram"; readonly secretArn: string }
    /** IAM access control of MSK, over TLS. */
    | { readonly kind: "iam"; readonly region: string };
}

/** How the whole of an SQL table is read. */
export type SnapshotSettings =
  /** Queried in ranges of its key: from a replica where one is given, which spares the primary. */
  | { readonly kind: "query"; readonly replica?: Pick<DatabaseConnection, "host" | "port"> }
  /** An export task of its Aurora cluster to Parquet in S3, which all tables of the cluster share. */
  | {
      readonly kind: "cluster-export";
      readonly clusterArn: string;
      readonly exportRoleArn: string;
      readonly keyArn: string;
    };

/** The schema that the tables of our own lie in: watermarks, heartbeats, signals. */
export const OWN_SCHEMA = "trueup";

/** A table's topic. */
export function topicOf({ topicPrefix }: Pick<DatabaseLog, "topicPrefix">, tableName: string): string {
  return `${topicPrefix}.${tableName}`;
}

/** @throws SyncError `COMMAND_INVALID` for a table of another kind of source (not retryable) */
export function requireDynamoDb(source: SourceDescriptor): DynamoDbTable {
  if (source.kind === "dynamodb") return source;
  throw new SyncError("COMMAND_INVALID", "what was asked is known of DynamoDB tables only", {
    subject: `${source.sourceName} ${source.tableName}`,
    fix: "deploy the functions and the configuration of one version of this program together",
    retryable: false,
  });
}

/** @throws SyncError `SETTINGS_INVALID` for a table that is none of a database (not retryable) */
export function requireSql(source: Pick<DynamoDbTable, "kind" | "tableName"> | SqlTable): SqlTable {
  if (source.kind === "sql") return source;
  throw new SyncError("SETTINGS_INVALID", "a function for tables of databases was given another one", {
    subject: source.tableName,
    fix: "deploy the stack again",
    retryable: false,
  });
}

/** @throws SyncError `SETTINGS_INVALID` for a table whose changes come by no log that we read (not retryable) */
export function requireLog({ log, tableName }: SqlTable): DatabaseLog {
  if (log !== undefined) return log;
  throw new SyncError("SETTINGS_INVALID", "a table's changes are to be read, and its source has no Kafka", {
    subject: tableName,
    fix: "declare kafka under the source, or a managed generation",
    retryable: false,
  });
}
