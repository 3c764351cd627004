import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaConnection } from "../../core/source-descriptor.ts";
import type { EnvironmentContext } from "../environment-context.ts";
import type { KafkaLink } from "../table-context.ts";
import type { CreateKafkaArgs, GivenKafkaArgs, KafkaArgs } from "./database-args.ts";
import { CLUSTER_DEFAULTS, KAFKA_DEFAULTS } from "./database-defaults.ts";

/** Makes the Kafka of a source, or takes the one that is given. @param clusterName - of a cluster to be made */
export function resolveKafka(
  name: string,
  clusterName: string,
  args: KafkaArgs,
  context: EnvironmentContext,
  parent: pulumi.Resource,
): KafkaLink {
  const { partitions } = { ...KAFKA_DEFAULTS, ...args };
  const link =
    args.create === undefined
      ? takeGiven(args, context)
      : createCluster(name, clusterName, args.create, context, parent);
  return { ...link, partitions };
}

type Link = Omit<KafkaLink, "partitions">;

function takeGiven(
  { bootstrapServers, authentication, clusterArn }: GivenKafkaArgs,
  { region }: EnvironmentContext,
): Link {
  const secretArn = authentication.kind === "scram" ? pulumi.output(authentication.secretArn) : undefined;
  const known = { bootstrapServers, region, secretArn: secretArn ?? "" };
  return {
    connection: pulumi.output(known).apply((given): KafkaConnection => {
      const servers = given.bootstrapServers;
      switch (authentication.kind) {
        case "none":
          return { bootstrapServers: servers, authentication: { kind: "none" } };
        case "scram":
          return { bootstrapServers: servers, authentication: { kind: "scram", secretArn: given.secretArn } };
        case "iam":
          return { bootstrapServers: servers, authentication: { kind: "iam", region: given.region } };
      }
    }),
    clusterArn: clusterArn === undefined ? undefined : pulumi.output(clusterArn),
    arnsOf: clusterArn === undefined ? undefined : (part) => partOf(pulumi.output(clusterArn), part),
    secretArn,
    secretKeyArn: authentication.kind === "scram" ? authentication.secretKeyArn : undefined,
  };
}

/**
 * A provisioned cluster. Topics are never made by whoever happens to ask for one: that is MSK's default.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html `auto.create.topics.enable`
 */
function createCluster(
  name: string,
  clusterName: string,
  args: CreateKafkaArgs,
  context: EnvironmentContext,
  parent: pulumi.Resource,
): Link {
  const { instanceType, brokersEach, volumeGibibytes, kafkaVersion } = { ...CLUSTER_DEFAULTS, ...args };
  const { vpcConfig, keyArn, protect, partition, region, accountId } = context;
  const subnetIds = pulumi.output(vpcConfig?.subnetIds ?? []);
  const cluster = new awsNative.msk.Cluster(
    name,
    {
      clusterName,
      kafkaVersion,
      numberOfBrokerNodes: subnetIds.apply((ids) => ids.length * brokersEach),
      brokerNodeGroupInfo: {
        instanceType,
        clientSubnets: subnetIds,
        securityGroups: vpcConfig?.securityGroupIds ?? [],
        storageInfo: { ebsStorageInfo: { volumeSize: volumeGibibytes } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: {
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
        ...(keyArn === undefined ? {} : { encryptionAtRest: { dataVolumeKmsKeyId: keyArn } }),
      },
    },
    { parent, protect, retainOnDelete: protect },
  );
  const servers = aws.msk
    .getBootstrapBrokersOutput({ clusterArn: cluster.arn }, { parent })
    .apply(({ bootstrapBrokersSaslIam }) => bootstrapBrokersSaslIam.split(","));
  const authentication = region.apply((known) => ({ kind: "iam" as const, region: known }));
  return {
    connection: pulumi.output({ bootstrapServers: servers, authentication }),
    clusterArn: cluster.arn,
    arnsOf: (part) =>
      pulumi.interpolate`arn:${partition}:kafka:${region}:${accountId}:${part}/${clusterName}/*`,
    secretArn: undefined,
    secretKeyArn: undefined,
  };
}

/** `arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>` -> `…:topic/<name>/<uuid>` */
function partOf(clusterArn: pulumi.Output<string>, part: "topic" | "group"): pulumi.Output<string> {
  return clusterArn.apply((arn) => arn.replace(":cluster/", `:${part}/`));
}
