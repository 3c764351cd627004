import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../core/state-layout.ts";
import { kafkaGrants } from "./database-source/kafka-grants.ts";
import { decryptingWith, type Grant, objectsUnder, usingKey } from "./iam.ts";
import type { IndexGeneration } from "./index-generation/index-generation.ts";
import type { DynamoDbSource, SqlSource, TableContext } from "./table-context.ts";

/** Whatever its environment and generation, a group of ours begins so. */
const CONSUMER_GROUPS = "trueup-";

/**
 * What the audit may do on one table: export it, read its stream and a few examples. DynamoDB writes an export with the
 * rights of whoever asked for it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html permissions
 */
export function auditGrants({ source, stateBucket, table, keyArn }: TableContext): readonly Grant[] {
  const exported = objectsUnder(stateBucket.arn, `${stateLayout.exports(table)}/`);
  if (source.kind === "sql") {
    return [{ actions: ["s3:PutObject"], resources: [exported] }, ...usingKey(keyArn), ...lookAtLog(source)];
  }
  return [
    { actions: ["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"], resources: [exported] },
    ...usingKey(keyArn),
    { actions: ["dynamodb:ExportTableToPointInTime", "dynamodb:BatchGetItem"], resources: [source.tableArn] },
    { actions: ["dynamodb:DescribeExport"], resources: [pulumi.interpolate`${source.tableArn}/export/*`] },
    ...readStream(source),
  ];
}

/** What index-lifecycle may do on one table: tell how far its stream has been read, which its table's key encrypts. */
export function lifecycleGrants({ source, keyArn }: TableContext): readonly Grant[] {
  return [...(source.kind === "sql" ? lookAtLog(source) : readStream(source)), ...decryptingWith(keyArn)];
}

/** What the audit may do on one generation: ask for repairs, and deliver a pipeline's dead letters. */
export function generationAuditGrants(
  { path: { mode, rereads } }: IndexGeneration,
  { source }: TableContext,
): readonly Grant[] {
  const repairs: Grant = { actions: ["sqs:SendMessage"], resources: [rereads.reindexQueue.arn] };
  if (mode === "custom") return [repairs];
  return [
    repairs,
    // A pipeline's dead letters are files, which the audit brings to the queue.
    { actions: ["sqs:SendMessage"], resources: [rereads.deadLetterQueue.arn] },
    // Of a pipeline's own export the audit knows only where it goes.
    ...(source.kind === "sql" ? [] : [{ actions: ["dynamodb:ListExports"], resources: [source.tableArn] }]),
  ];
}

/** What index-lifecycle may do on one generation: start and stop its build, count its dead letters. */
export function generationLifecycleGrants({ build, path }: IndexGeneration): readonly Grant[] {
  return [
    { actions: ["states:StartExecution"], resources: [build.arn] },
    { actions: ["states:DescribeExecution", "states:StopExecution"], resources: [build.executionsArn] },
    { actions: ["sqs:GetQueueAttributes"], resources: [path.rereads.deadLetterQueue.arn] },
  ];
}

/** Reads rows and the slot in the database, and how far topic and consumer groups have come in Kafka. */
function lookAtLog({ reading, log, topic, heartbeatTopic, notificationsTopic }: SqlSource): readonly Grant[] {
  if (log === undefined) return reading;
  const names = { topics: [topic, heartbeatTopic, notificationsTopic], groups: [CONSUMER_GROUPS] };
  return [...reading, ...kafkaGrants(log.kafka, "look", names)];
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
