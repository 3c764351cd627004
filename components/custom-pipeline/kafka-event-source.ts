import type * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "../environment-context.ts";
import type { KafkaLink } from "../table-context.ts";

type EventSource = Pick<
  awsNative.lambda.EventSourceMappingArgs,
  | "eventSourceArn"
  | "amazonManagedKafkaEventSourceConfig"
  | "selfManagedEventSource"
  | "selfManagedKafkaEventSourceConfig"
  | "sourceAccessConfigurations"
>;
type Access = NonNullable<pulumi.Unwrap<EventSource["sourceAccessConfigurations"]>>;

/**
 * How a mapping finds its Kafka and is known there: a cluster of MSK by its ARN, any other by its servers.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html
 */
export function describeEventSource(
  { vpcConfig }: EnvironmentContext,
  { connection, clusterArn, secretArn }: KafkaLink,
  consumerGroupId: pulumi.Input<string>,
): EventSource {
  const scram = secretArn === undefined ? [] : [{ type: "SASL_SCRAM_512_AUTH" as const, uri: secretArn }];
  if (clusterArn !== undefined) {
    return {
      eventSourceArn: clusterArn,
      amazonManagedKafkaEventSourceConfig: { consumerGroupId },
      ...(scram.length === 0 ? {} : { sourceAccessConfigurations: scram }),
    };
  }
  const kafkaBootstrapServers = connection.apply(({ bootstrapServers }) => [...bootstrapServers]);
  return {
    selfManagedEventSource: { endpoints: { kafkaBootstrapServers } },
    selfManagedKafkaEventSourceConfig: { consumerGroupId },
    sourceAccessConfigurations: pulumi
      .all([pulumi.all(scram), pulumi.output(vpcConfig)])
      .apply(([known, network]): Access => {
        const subnets = (network?.subnetIds ?? []).map((id) => ({
          type: "VPC_SUBNET" as const,
          uri: `subnet:${id}`,
        }));
        const groups = (network?.securityGroupIds ?? []).map((id) => ({
          type: "VPC_SECURITY_GROUP" as const,
          uri: `security_group:${id}`,
        }));
        return [...known, ...subnets, ...groups];
      }),
  };
}
