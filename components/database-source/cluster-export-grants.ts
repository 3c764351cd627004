import type * as pulumi from "@pulumi/pulumi";
import { ANY, decryptingWith, type Grant, objectsUnder } from "../iam.ts";
import type { ClusterExport, SqlSource } from "../table-context.ts";

/**
 * What the audit does under a table's role: start the cluster's export, look at it, and keep a list of those that run.
 * RDS writes under the role that it is handed, with the key that the caller lets it use. A list is replaced only as it
 * was read, for which S3 wants the right to read it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.Setup.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html permissions
 */
export function exportCluster(
  { clusterExport }: SqlSource,
  bucketArn: pulumi.Output<string>,
): readonly Grant[] {
  if (clusterExport === undefined) return [];
  const { clusterArn, exportRoleArn, keyArn } = clusterExport;
  return [
    { actions: ["rds:StartExportTask"], resources: [clusterArn] },
    // Has no resources that it could be limited to.
    { actions: ["rds:DescribeExportTasks"], resources: [ANY] },
    {
      actions: ["iam:PassRole"],
      resources: [exportRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "export.rds.amazonaws.com" } },
    },
    { actions: ["kms:CreateGrant", "kms:DescribeKey"], resources: [keyArn] },
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [filesOf(clusterExport, bucketArn)] },
  ];
}

/** What a loader needs to read the cluster's files. */
export function readClusterExport(
  { clusterExport }: SqlSource,
  bucketArn: pulumi.Output<string>,
): readonly Grant[] {
  if (clusterExport === undefined) return [];
  return [
    { actions: ["s3:GetObject"], resources: [filesOf(clusterExport, bucketArn)] },
    ...decryptingWith(clusterExport.keyArn),
  ];
}

function filesOf({ prefix }: ClusterExport, bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  return prefix.apply((known) => objectsUnder(bucketArn, known));
}
