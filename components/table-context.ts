import type * as pulumi from "@pulumi/pulumi";
import type { TableKey } from "../core/attribute-value.ts";
import type { DatabaseLog, KafkaConnection, SqlTable } from "../core/source-descriptor.ts";
import type { SearchTargetSettings } from "../core/table-descriptor.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import type { Grant } from "./iam.ts";

/** Search target settings whose values may not be known yet. */
export type SearchTargetInput = pulumi.Input<SearchTargetSettings>;

/** What functions may do on the target, by what they do there; empty for a target that knows no IAM. */
export interface TargetGrants {
  /** @param names - indexes and aliases */
  readonly indexes: (names: readonly string[]) => readonly Grant[];
  /** Look at every index, and take tombstones away. */
  readonly inspecting: readonly Grant[];
  /** Make, change and delete indexes and aliases. */
  readonly administering: readonly Grant[];
}

/** The source of one table, resolved. */
export type TableSource = DynamoDbSource | SqlSource;

/** A DynamoDB table. */
export interface DynamoDbSource {
  readonly kind: "dynamodb";
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  readonly key: pulumi.Output<TableKey>;
  /** The key the table is encrypted with, where that is neither AWS's nor the environment's: its readers need it too. */
  readonly keyArn: pulumi.Input<string> | undefined;
}

/** A table of a database. */
export interface SqlSource {
  readonly kind: "sql";
  /** `schema.table`. */
  readonly tableName: pulumi.Output<string>;
  /** Its topic in Kafka, where there is one. */
  readonly topic: string;
  /** Topic of the log's heartbeats, whose newest record tells how far the connector is. */
  readonly heartbeatTopic: string;
  /** Where the connector tells how far it came with snapshots. */
  readonly notificationsTopic: string;
  /** What functions are told. */
  readonly descriptor: pulumi.Output<SqlTable>;
  /** The database's changes in Kafka, where they are brought there. */
  readonly log: SourceLog | undefined;
  /** What reads rows needs: the secret of the database's user. */
  readonly reading: readonly Grant[];
  /** What must be there before changes of the table come, and is there until nobody reads them. */
  readonly ready: readonly pulumi.Resource[];
}

/** A database's changes in Kafka, as consumers subscribe to them. */
export interface SourceLog {
  readonly log: pulumi.Output<DatabaseLog>;
  readonly kafka: KafkaLink;
  /** How long topics keep a change. */
  readonly retentionMillis: number;
}

/** A Kafka, resolved. */
export interface KafkaLink {
  readonly connection: pulumi.Output<KafkaConnection>;
  /** Of a cluster of MSK: event source mappings then find it by its ARN. */
  readonly clusterArn: pulumi.Output<string> | undefined;
  /** What the ARNs of its topics or groups begin with, up to their names; undefined for a Kafka that knows no IAM. */
  readonly arnsOf: ((part: "topic" | "group") => pulumi.Output<string>) | undefined;
  /** Of the user's name and password; undefined without. */
  readonly secretArn: pulumi.Output<string> | undefined;
  /** The key that secret is encrypted with, where that is one of the user's own. */
  readonly secretKeyArn: pulumi.Input<string> | undefined;
  readonly partitions: number;
}

/** What the parts of one table share beside their environment. */
export interface TableContext<Source extends TableSource = TableSource> extends EnvironmentContext {
  readonly table: string;
  readonly source: Source;
  readonly target: SearchTargetInput;
  readonly targetGrants: TargetGrants;
  readonly targetSecretArn: pulumi.Input<string> | undefined;
  /** Where the target must show what it can do before an index is made in it; `audits`: for audits of the index too. */
  readonly probe?: { readonly audits: boolean };
  readonly consumerTimeoutSeconds: number;
  readonly consumerMemoryMegabytes: number;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumLoaders: number;
  /** Into how many parts each generation's manifest is divided. */
  readonly manifestBuckets: number;
  readonly pollSeconds: number;
}
