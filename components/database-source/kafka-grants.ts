import * as pulumi from "@pulumi/pulumi";
import { ANY, decryptingWith, type Grant } from "../iam.ts";
import type { KafkaLink } from "../table-context.ts";

/** What clients of a Kafka do there. */
export type KafkaUse = "consume" | "look" | "administer" | "connect";

/** What a client may touch, by the beginnings of names. */
export interface KafkaNames {
  readonly topics: readonly string[];
  readonly groups: readonly string[];
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html */
const ACTIONS: Readonly<
  Record<KafkaUse, Readonly<Record<"cluster" | "topic" | "group", readonly string[]>>>
> = {
  consume: {
    cluster: ["Connect", "DescribeClusterDynamicConfiguration"],
    topic: ["DescribeTopic", "ReadData"],
    group: ["DescribeGroup", "AlterGroup"],
  },
  look: {
    cluster: ["Connect"],
    topic: ["DescribeTopic", "ReadData"],
    group: ["DescribeGroup"],
  },
  administer: {
    cluster: ["Connect", "DescribeCluster"],
    topic: [
      "CreateTopic",
      "DescribeTopic",
      "DeleteTopic",
      "AlterTopicDynamicConfiguration",
      "DescribeTopicDynamicConfiguration",
    ],
    group: ["DescribeGroup", "DeleteGroup"],
  },
  connect: {
    cluster: ["Connect", "DescribeCluster", "WriteDataIdempotently"],
    topic: ["CreateTopic", "DescribeTopic", "ReadData", "WriteData", "DescribeTopicDynamicConfiguration"],
    group: ["DescribeGroup", "AlterGroup"],
  },
};

/** What a client of a Kafka needs of AWS: IAM access control where MSK has it, the secret of its user elsewhere. */
export function kafkaGrants(
  { clusterArn, arnsOf, secretArn, secretKeyArn }: KafkaLink,
  use: KafkaUse,
  names: KafkaNames,
): readonly Grant[] {
  if (secretArn !== undefined) {
    return [
      { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
      ...decryptingWith(secretKeyArn),
    ];
  }
  if (clusterArn === undefined || arnsOf === undefined) return [];
  const named = (part: "topic" | "group", list: readonly string[]) =>
    list.map((name) => pulumi.interpolate`${arnsOf(part)}/${name}${ANY}`);
  const { cluster, topic, group } = ACTIONS[use];
  return [
    { actions: cluster.map(toAction), resources: [clusterArn] },
    {
      actions: topic.map(toAction),
      resources: named("topic", names.topics),
    },
    {
      actions: group.map(toAction),
      resources: named("group", names.groups),
    },
  ].filter(({ resources }) => resources.length > 0);
}

function toAction(name: string): string {
  return `kafka-cluster:${name}`;
}
