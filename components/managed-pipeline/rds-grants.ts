import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../../core/state-layout.ts";
import { ANY, type Grant, listingUnder, objectsUnder } from "../iam.ts";
import type { ManagedDatabase, SqlSource, TableContext } from "../table-context.ts";

/** What a pipeline may do on its database: take a snapshot, have it exported, read the log, be in its network. */
export function readDatabase(
  context: TableContext<SqlSource>,
  database: ManagedDatabase,
  generation: string,
): readonly Grant[] {
  return [
    ...takeSnapshot(context, database),
    ...exportSnapshot(database),
    ...useExport(context, generation),
    ...context.source.reading,
    ...attachNetwork(context),
  ];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/aurora-PostgreSQL.html#aurora-mysql-pipeline-role */
function takeSnapshot(
  { partition, region, accountId }: TableContext,
  { engine, identifier }: ManagedDatabase,
): readonly Grant[] {
  const arn = (rest: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${partition}:rds:${region}:${accountId}:${rest}`;
  const isCluster = engine.startsWith("aurora-");
  const database = arn(pulumi.interpolate`${isCluster ? "cluster" : "db"}:${identifier}`);
  const snapshots = arn(isCluster ? "cluster-snapshot:*" : "snapshot:*");
  const [create, describe] = isCluster
    ? ["rds:CreateDBClusterSnapshot", "rds:DescribeDBClusterSnapshots"]
    : ["rds:CreateDBSnapshot", "rds:DescribeDBSnapshots"];
  return [
    {
      actions: ["rds:DescribeDBClusters", "rds:DescribeDBInstances"],
      resources: isCluster ? [database, arn("db:*")] : [database],
    },
    { actions: [create, describe, "rds:AddTagsToResource"], resources: [database, snapshots] },
    { actions: ["rds:StartExportTask"], resources: [snapshots] },
    // Has no resources that it could be limited to.
    { actions: ["rds:DescribeExportTasks"], resources: [ANY] },
  ];
}

/** RDS exports under a role of its own, which the pipeline hands to it, with a key that the pipeline lets it use. */
function exportSnapshot({ exportRoleArn, exportKeyArn }: ManagedDatabase): readonly Grant[] {
  return [
    {
      actions: ["iam:PassRole"],
      resources: [exportRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "export.rds.amazonaws.com" } },
    },
    {
      actions: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RetireGrant",
      ],
      resources: [exportKeyArn],
    },
  ];
}

/** The export, and what the source keeps between its two stages, lie under one prefix. */
function useExport({ stateBucket, table }: TableContext, generation: string): readonly Grant[] {
  const prefix = `${stateLayout.managedExport(table, generation, ANY)}/`;
  return [
    {
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: [objectsUnder(stateBucket.arn, prefix)],
    },
    listingUnder(stateBucket.arn, prefix),
    { actions: ["s3:GetBucketLocation"], resources: [stateBucket.arn] },
  ];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security.html#pipeline-vpc */
function attachNetwork({ partition, region, accountId }: TableContext): readonly Grant[] {
  const arn = (kind: string) => pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:${kind}/*`;
  const interfaces = arn("network-interface");
  return [
    {
      actions: [
        "ec2:AttachNetworkInterface",
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DetachNetworkInterface",
      ],
      resources: [interfaces, arn("subnet"), arn("security-group")],
    },
    {
      actions: [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      // Describing has no resources that it could be limited to.
      resources: [ANY],
    },
    {
      actions: ["ec2:CreateTags"],
      resources: [interfaces],
      conditions: { StringEquals: { "aws:RequestTag/OSISManaged": "true" } },
    },
  ];
}
