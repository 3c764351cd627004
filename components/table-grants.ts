import * as pulumi from "@pulumi/pulumi";
import { decryptingWith, type Grant } from "./iam.ts";
import type { IndexGeneration } from "./index-generation/index-generation.ts";
import type { DynamoDbSource } from "./table-context.ts";

/** What the audit may do on one table: export it, read its stream and a few examples. */
export function auditGrants(source: DynamoDbSource): readonly Grant[] {
  return [
    { actions: ["dynamodb:ExportTableToPointInTime", "dynamodb:BatchGetItem"], resources: [source.tableArn] },
    { actions: ["dynamodb:DescribeExport"], resources: [pulumi.interpolate`${source.tableArn}/export/*`] },
    ...readStream(source),
  ];
}

/** What index-lifecycle may do on one table: tell how far its stream has been read. */
export function lifecycleGrants(source: DynamoDbSource): readonly Grant[] {
  return readStream(source);
}

/** What the audit may do on one generation: ask for repairs. */
export function generationAuditGrants({ pipeline }: IndexGeneration): readonly Grant[] {
  return [{ actions: ["sqs:SendMessage"], resources: [pipeline.reindexQueue.arn] }];
}

/** What index-lifecycle may do on one generation: start and stop its build, count its dead letters. */
export function generationLifecycleGrants({ build, pipeline }: IndexGeneration): readonly Grant[] {
  return [
    // One statement for both resources, because a role's policies have a limit: each action knows but one of the two.
    {
      actions: ["states:StartExecution", "states:DescribeExecution", "states:StopExecution"],
      resources: [build.arn, build.executionsArn],
    },
    { actions: ["sqs:GetQueueAttributes"], resources: [pipeline.deadLetterQueue.arn] },
  ];
}

function readStream({ streamArn, keyArn }: DynamoDbSource): readonly Grant[] {
  return [
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"],
      resources: [streamArn],
    },
    ...decryptingWith(keyArn),
  ];
}
