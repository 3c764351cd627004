import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { ConnectConfiguration } from "../../core/debezium/connector-configuration.ts";
import type { LogNames } from "../../core/debezium/log-names.ts";
import { makeWorkerConfiguration, toProperties } from "../../core/debezium/worker-configuration.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { EnvironmentContext } from "../environment-context.ts";
import { type Grant, makeRole, objectsUnder, type ServiceRole, usingKey } from "../iam.ts";
import type { KafkaLink } from "../table-context.ts";
import { type AssemblePlugin, assemblePlugin } from "./connect-plugin.ts";
import type { ManagedConnectArgs } from "./database-args.ts";
import { CONNECT_DEFAULTS } from "./database-defaults.ts";
import { kafkaGrants } from "./kafka-grants.ts";

/** The newest that MSK Connect offers; it runs on Java 17, which Debezium 3 needs. */
const CONNECT_VERSION = "3.7.x";
const HASH_DIGITS = 8;
/** Topics and groups of MSK Connect's own begin so. @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-create-iam-role.html */
const INTERNAL = "__amazon_msk_connect_";

/** Where a plugin's zip is. */
interface PluginLocation {
  readonly bucketArn: pulumi.Input<string>;
  readonly fileKey: pulumi.Input<string>;
}

/** What a connector is made with. */
export interface ConnectorSurroundings {
  readonly names: LogNames;
  readonly kafka: KafkaLink;
  readonly configuration: pulumi.Output<ConnectConfiguration>;
  /** Of the database's user. */
  readonly secretArn: pulumi.Output<string>;
  /** What reads that secret. */
  readonly reading: readonly Grant[];
  /** The slot and the publication, which are there before it and go after it. */
  readonly slot: pulumi.Resource;
  /** @default by Maven */
  readonly assemble?: AssemblePlugin | undefined;
}

/**
 * One connector of MSK Connect, with one worker, for all tables of a source.
 *
 * Its name and its topic of offsets never change, so that one that is made again goes on where the last one stopped. What
 * differs makes it anew: the old one goes first, because two would fight for the slot.
 */
export class MskConnector extends pulumi.ComponentResource {
  readonly connector: awsNative.kafkaconnect.Connector;

  constructor(
    name: string,
    context: EnvironmentContext,
    args: ManagedConnectArgs,
    around: ConnectorSurroundings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:source:MskConnector", name, {}, opts);
    const plugin = this.#makePlugin(name, context, args, around);
    const worker = this.#makeWorker(name, args, around);
    this.connector = this.#makeConnector(name, context, args, around, { plugin, worker });
    this.registerOutputs({});
  }

  /** A plugin cannot be updated: other content is another plugin, made before the old one goes. */
  #makePlugin(
    name: string,
    { stateBucket }: EnvironmentContext,
    { plugin }: ManagedConnectArgs,
    { names, assemble = assemblePlugin }: ConnectorSurroundings,
  ): awsNative.kafkaconnect.CustomPlugin {
    const declare = (hash: pulumi.Output<string>, s3Location: PluginLocation) =>
      new awsNative.kafkaconnect.CustomPlugin(
        `${name}-plugin`,
        {
          name: pulumi.interpolate`${names.connectorName}-${hash}`,
          contentType: "ZIP",
          location: { s3Location },
        },
        { parent: this },
      );
    if (plugin.assemble === undefined) {
      const location = { bucketArn: plugin.bucketArn, fileKey: plugin.fileKey };
      const hash = pulumi.output(location).apply(hashOf);
      return declare(hash, location);
    }
    const { file, sha256 } = assemble(plugin.assemble.jars);
    const object = new aws.s3.BucketObjectv2(
      `${name}-plugin-zip`,
      {
        bucket: stateBucket.name,
        key: `${stateLayout.artifacts}${sha256}-${name}-plugin.zip`,
        source: new pulumi.asset.FileAsset(file),
        sourceHash: sha256,
      },
      { parent: this },
    );
    const hash = pulumi.output(sha256.slice(0, HASH_DIGITS));
    return declare(hash, { bucketArn: stateBucket.arn, fileKey: object.key });
  }

  /** Cannot be updated either. */
  #makeWorker(
    name: string,
    args: ManagedConnectArgs,
    { names, secretArn }: ConnectorSurroundings,
  ): awsNative.kafkaconnect.WorkerConfiguration {
    const { secretsProvider: providerClass } = { ...CONNECT_DEFAULTS, ...args };
    const properties = secretArn.apply((known) =>
      toProperties(makeWorkerConfiguration(names, { providerClass, secretArn: known })),
    );
    return new awsNative.kafkaconnect.WorkerConfiguration(
      `${name}-worker`,
      {
        name: pulumi.interpolate`${names.connectorName}-${properties.apply(hashOf)}`,
        propertiesFileContent: properties.apply(toBase64),
      },
      { parent: this },
    );
  }

  #makeConnector(
    name: string,
    context: EnvironmentContext,
    args: ManagedConnectArgs,
    { names, kafka, configuration, reading, slot }: ConnectorSurroundings,
    {
      plugin,
      worker,
    }: {
      readonly plugin: awsNative.kafkaconnect.CustomPlugin;
      readonly worker: awsNative.kafkaconnect.WorkerConfiguration;
    },
  ): awsNative.kafkaconnect.Connector {
    const { capacityUnits: mcuCount } = { ...CONNECT_DEFAULTS, ...args };
    const { vpcConfig } = context;
    const role = this.#makeRole(name, context, args, names.connectorName, [
      ...reading,
      ...kafkaGrants(kafka, "connect", {
        topics: [names.topicPrefix, names.heartbeatTopic, INTERNAL],
        groups: [INTERNAL, "connect-"],
      }),
    ]);
    const authenticationType = kafka.connection.apply(({ authentication }) =>
      authentication.kind === "iam" ? ("IAM" as const) : ("NONE" as const),
    );
    const encryptionType = kafka.connection.apply(({ authentication }) =>
      authentication.kind === "iam" ? ("TLS" as const) : ("PLAINTEXT" as const),
    );
    return new awsNative.kafkaconnect.Connector(
      `${name}-connector`,
      {
        connectorName: names.connectorName,
        kafkaConnectVersion: CONNECT_VERSION,
        capacity: { provisionedCapacity: { mcuCount, workerCount: 1 } },
        connectorConfiguration: configuration.apply((known) => ({ ...known })),
        kafkaCluster: {
          apacheKafkaCluster: {
            bootstrapServers: kafka.connection.apply(({ bootstrapServers }) => bootstrapServers.join(",")),
            vpc: {
              subnets: vpcConfig?.subnetIds ?? [],
              securityGroups: vpcConfig?.securityGroupIds ?? [],
            },
          },
        },
        kafkaClusterClientAuthentication: { authenticationType },
        kafkaClusterEncryptionInTransit: { encryptionType },
        plugins: [{ customPlugin: { customPluginArn: plugin.customPluginArn, revision: plugin.revision } }],
        workerConfiguration: {
          workerConfigurationArn: worker.workerConfigurationArn,
          revision: worker.revision,
        },
        serviceExecutionRoleArn: role.arn,
        logDelivery: {
          workerLogDelivery: {
            cloudWatchLogs: { enabled: true, logGroup: this.#makeLogGroup(name, context) },
          },
        },
      },
      {
        parent: this,
        dependsOn: [slot],
        hooks: { onError: [...context.errorHooks] },
        deleteBeforeReplace: true,
        replaceOnChanges: ["connectorConfiguration"],
      },
    );
  }

  #makeLogGroup(name: string, { logRetentionDays, keyArn }: EnvironmentContext): pulumi.Output<string> {
    const group = new awsNative.logs.LogGroup(
      `${name}-logs`,
      { retentionInDays: logRetentionDays, ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }) },
      { parent: this },
    );
    return group.logGroupName.apply((given) => given ?? "");
  }

  /** @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html trust, against the confused deputy */
  #makeRole(
    name: string,
    context: EnvironmentContext,
    { plugin }: ManagedConnectArgs,
    connectorName: string,
    grants: readonly Grant[],
  ): ServiceRole {
    const { partition, region, accountId } = context;
    const artifacts = objectsUnder(context.stateBucket.arn, stateLayout.artifacts);
    const assembled: readonly Grant[] =
      plugin.assemble === undefined ? [] : [{ actions: ["s3:GetObject"], resources: [artifacts] }];
    return makeRole(
      `${name}-role`,
      {
        trust: {
          principal: { Service: "kafkaconnect.amazonaws.com" },
          conditions: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: {
              "aws:SourceArn": pulumi.interpolate`arn:${partition}:kafkaconnect:${region}:${accountId}:connector/${connectorName}/*`,
            },
          },
        },
        grants: { connector: [...grants, ...assembled, ...usingKey(context.keyArn)] },
        permissionsBoundary: context.permissionsBoundary,
      },
      { parent: this },
    );
  }
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, HASH_DIGITS);
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
