import type * as pulumi from "@pulumi/pulumi";
import type { SearchSync } from "../search-sync.ts";

/** What a database is. Only `postgresql` is found by a host of yours; the others are looked up in RDS. */
export type DatabaseKind =
  | "aurora-postgresql"
  | "aurora-mysql"
  | "rds-postgresql"
  | "rds-mysql"
  | "postgresql";

/** Arguments of a database as a source. */
export interface DatabaseSourceArgs {
  /** The environment it belongs to. */
  readonly search: SearchSync;
  /** What it is; `postgresql` is any that is reached by its `host`. */
  readonly kind: DatabaseKind;
  /** Identifier of an Aurora cluster, looked up. Required with `aurora-*`, unless `host` says where it is. */
  readonly cluster?: pulumi.Input<string>;
  /** Identifier of an RDS instance, looked up. Required with `rds-*`, unless `host` says where it is. */
  readonly instance?: pulumi.Input<string>;
  /** Name or address of its writer. Required with `postgresql`. @default as looked up */
  readonly host?: pulumi.Input<string>;
  /** Its port. @default as looked up, or 5432 */
  readonly port?: pulumi.Input<number>;
  /** The database in the server. */
  readonly database: pulumi.Input<string>;
  /**
   * A secret of Secrets Manager, `{"username":…,"password":…}`, as RDS keeps them. The user may replicate and reads the
   * tables; what else it needs is said when it lacks it.
   */
  readonly secretArn: pulumi.Input<string>;
  /** The KMS key of that secret, where it is one of your own. @default AWS's own key */
  readonly secretKeyArn?: pulumi.Input<string>;
  /** `verified`: TLS, the certificate checked. `off` is for a database of your own on a trusted network. @default "verified" */
  readonly tls?: "verified" | "off";
  /** Certificate authority of the database, PEM; needed for RDS in China and GovCloud. @default those of RDS for `aurora-*` and `rds-*`, and those that Node trusts */
  readonly certificateAuthority?: string;
  /** A replica that whole-table reads go to, which spares the primary. @default they go to the primary */
  readonly replica?: { readonly host: pulumi.Input<string>; readonly port?: pulumi.Input<number> };
  /** Where its changes go for tables in custom mode. @default none: managed mode needs no Kafka */
  readonly kafka?: KafkaArgs;
  /** Who runs the connector that brings them there. Required with `kafka`. */
  readonly connect?: ConnectArgs;
  /** `shared`: one managed pipeline for all its tables in managed mode, toggled and rebuilt together. @default one a table */
  readonly managedPipeline?: "shared";
  /**
   * Raised when its slot or the offsets of its connector were lost: another slot, other topics. All that was indexed from
   * the old ones then has a gap, so raise the `revision` of its tables too.
   *
   * @default 1
   */
  readonly revision?: number;
  /**
   * From how many GiB of log on, kept by the server for the slot, an alarm rings; another rings when the connector is half
   * of it behind. Well below the free disk, and below `max_slot_wal_keep_size`, past which the slot is lost.
   *
   * @default 10
   */
  readonly retainedLogAlarmGibibytes?: number;
}

/** A Kafka: one you have, or one to be made. */
export type KafkaArgs = (
  | GivenKafkaArgs
  | { readonly create: CreateKafkaArgs; readonly bootstrapServers?: never }
) &
  TopicArgs;

/** A Kafka that exists. */
export interface GivenKafkaArgs {
  /** `host:port` each. */
  readonly bootstrapServers: pulumi.Input<pulumi.Input<string>[]>;
  /** How functions and the connector are known there. */
  readonly authentication: KafkaAuthenticationArgs;
  /** ARN of a cluster of MSK; required with `iam`. @default a Kafka of your own */
  readonly clusterArn?: pulumi.Input<string>;
  readonly create?: never;
}

/** How clients are known to a Kafka. */
export type KafkaAuthenticationArgs =
  | { readonly kind: "none" }
  /** A secret with `{"username", "password"}`; SCRAM-SHA-512 over TLS. */
  | {
      readonly kind: "scram";
      readonly secretArn: pulumi.Input<string>;
      /** The KMS key of that secret, where it is one of your own; of MSK's secrets it always is. @default AWS's own key */
      readonly secretKeyArn?: pulumi.Input<string>;
    }
  /** IAM access control of MSK, over TLS. */
  | { readonly kind: "iam" };

/** A provisioned cluster of MSK, with IAM access control over TLS, in the environment's subnets. */
export interface CreateKafkaArgs {
  /** Type of its brokers. @default "kafka.m7g.large" */
  readonly instanceType?: string;
  /** Brokers in each subnet of the network. @default 1 */
  readonly brokersEach?: number;
  /** Size of each broker's volume, GiB. @default 100 */
  readonly volumeGibibytes?: number;
  /** Version of Kafka. @default "3.8.x" */
  readonly kafkaVersion?: string;
}

/** What topics are made with. */
export interface TopicArgs {
  /** Of each topic; changes of one row stay in order in one. Fixed for the life of the topics. @default 3 */
  readonly partitions?: number;
  /** Copies of each topic. @default 3 */
  readonly replicationFactor?: number;
  /** Hours a change is kept: what a consumer may stand still without a gap, 24 to 8760. @default 168 */
  readonly retentionHours?: number;
}

/**
 * Who runs the connector: `external` is a Kafka Connect of yours, which is given the configuration that the stack exports;
 * otherwise MSK Connect runs it here.
 */
export type ConnectArgs = "external" | ManagedConnectArgs;

/** A connector of MSK Connect. */
export interface ManagedConnectArgs {
  /** Debezium 3 for PostgreSQL together with `secretsProvider`, as a plugin. */
  readonly plugin: ConnectPluginArgs;
  /**
   * The Java class in the plugin that reads Secrets Manager for placeholders `${secrets:<name>:<member>}`, so that no
   * password stands in the connector's configuration.
   *
   * @default "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider"
   * @see https://github.com/aws-samples/msk-config-providers
   */
  readonly secretsProvider?: string;
  /** Units of its one worker, of one virtual CPU and 4 GiB each: 1, 2, 4 or 8. @default 1 */
  readonly capacityUnits?: number;
}

/** A plugin's zip: an object that exists, or one made while the program runs. */
export type ConnectPluginArgs =
  | {
      readonly bucketArn: pulumi.Input<string>;
      readonly fileKey: pulumi.Input<string>;
      readonly assemble?: never;
    }
  /** Debezium from Maven (which must be installed where the program runs), and these jars beside it: absolute paths. */
  | { readonly assemble: { readonly jars: readonly string[] }; readonly bucketArn?: never };
