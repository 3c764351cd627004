import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./iam.ts";
import type { IndexGeneration } from "./index-generation/index-generation.ts";
import type { TableContext } from "./table-context.ts";

/** What the audit may do on one table: export it, read its stream and a few examples, ask for repairs. */
export function auditGrants(
  { source }: TableContext,
  generations: readonly IndexGeneration[],
): readonly Grant[] {
  return [
    { actions: ["dynamodb:ExportTableToPointInTime", "dynamodb:BatchGetItem"], resources: [source.tableArn] },
    { actions: ["dynamodb:DescribeExport"], resources: [pulumi.interpolate`${source.tableArn}/export/*`] },
    readStream(source.streamArn),
    { actions: ["sqs:SendMessage"], resources: generations.map(({ pipeline }) => pipeline.reindexQueue.arn) },
  ];
}

/** What index-lifecycle may do on one table: start and stop its builds, look at its stream and dead letters. */
export function lifecycleTableGrants(
  { source }: TableContext,
  generations: readonly IndexGeneration[],
): readonly Grant[] {
  return [
    { actions: ["states:StartExecution"], resources: generations.map(({ build }) => build.arn) },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: generations.map(({ build }) => build.executionsArn),
    },
    {
      actions: ["sqs:GetQueueAttributes"],
      resources: generations.map(({ pipeline }) => pipeline.deadLetterQueue.arn),
    },
    readStream(source.streamArn),
  ];
}

function readStream(streamArn: pulumi.Input<string>): Grant {
  return {
    actions: ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"],
    resources: [streamArn],
  };
}
