import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { assumeRole, onceARole } from "../adapters/assume-role.ts";
import { makeDynamoDbExport } from "../adapters/dynamodb-export.ts";
import { makeDynamoDbReader } from "../adapters/dynamodb-reader.ts";
import { makeDynamoDbStreamHorizon } from "../adapters/dynamodb-stream-horizon.ts";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeOpenSearchInspector } from "../adapters/opensearch-inspector.ts";
import { readAuditSettings } from "../adapters/read-settings.ts";
import { makeS3ControlStore } from "../adapters/s3-control-store.ts";
import { makeS3ExportFile } from "../adapters/s3-export-file.ts";
import { makeS3ManifestAppender } from "../adapters/s3-manifest-appender.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeReadCredentials } from "../adapters/secret-reader.ts";
import { makeSnsAnnouncer } from "../adapters/sns-announcer.ts";
import { makeSqsDeadLetters } from "../adapters/sqs-dead-letters.ts";
import { makeSqsReindexQueue } from "../adapters/sqs-reindex-queue.ts";
import { makePositionReader } from "../core/read-manifest.ts";
import { requireDynamoDb } from "../core/source-descriptor.ts";
import type { TableDescriptor } from "../core/table-descriptor.ts";
import type { AuditAccess, AuditDeps } from "./audit-deps.ts";
import { handleStep } from "./handle-step.ts";
import { makeMeasureReport } from "./measure-report.ts";
import { drawReport } from "./report-page.ts";
import { parseStepEvent } from "./step-event.ts";

/** Left over when a step stops early: enough to write down where it was. */
const RESERVE_MILLIS = 30_000;
/** A share of a short limit, where the reserve would be all of it. */
const RESERVE_SHARE = 0.3;

const settings = readAuditSettings(process.env);
const logger = new Logger({
  serviceName: "drift-audit",
  persistentKeys: { environment: settings.environment },
});
const s3 = new S3Client({});
const store = makeS3ObjectStore(s3, settings.stateBucket);
const readCredentials = makeReadCredentials(new SecretsManagerClient({}));
const warn = (what: string, cause: unknown) => logger.warn(what, cause instanceof Error ? cause : `${cause}`);

const deps: AuditDeps = {
  stateBucket: settings.stateBucket,
  store,
  control: makeS3ControlStore(store),
  exportFile: makeS3ExportFile(s3),
  positions: makePositionReader(store),
  inspector: makeOpenSearchInspector(makeSearchConnection(settings.target, readCredentials)),
  accessTo: onceARole(({ access }) => access.auditRoleArn, accessTo),
  appender: makeS3ManifestAppender(s3, settings.stateBucket, Date.now),
  announcer: makeSnsAnnouncer(new SNSClient({}), settings.topicArn, (cause) =>
    warn("an announcement was not made", cause),
  ),
  measure: makeMeasureReport(settings.environment),
  drawReport,
  onSkipped: warn,
  now: Date.now,
  newName: randomUUID,
};

/** Files of an export are read under the function's own role: they lie in the state bucket. */
function accessTo({ source }: TableDescriptor, roleArn: string): AuditAccess {
  const { tableName, tableArn, streamArn } = requireDynamoDb(source);
  const credentials = assumeRole(roleArn, "trueup-audit");
  const [dynamodb, sqs] = [new DynamoDBClient({ credentials }), new SQSClient({ credentials })];
  return {
    exports: makeDynamoDbExport(dynamodb, tableArn, (bucket, key) =>
      makeS3ObjectStore(s3, bucket).readText(key),
    ),
    horizon: makeDynamoDbStreamHorizon(new DynamoDBStreamsClient({ credentials }), streamArn, Date.now),
    deadLettersOf: (queueUrl) => makeSqsDeadLetters(sqs, queueUrl),
    queueOf: (queueUrl) => makeSqsReindexQueue(sqs, queueUrl),
    source: makeDynamoDbReader(dynamodb, tableName, Date.now),
  };
}

/** Lambda's entry: one step of an audit or a build an invocation. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<object> {
  const step = parseStepEvent(event);
  const left = context.getRemainingTimeInMillis();
  const deadline = Date.now() + left - Math.min(RESERVE_MILLIS, left * RESERVE_SHARE);
  const answer = await handleStep(deps, step, deadline);
  logger.info("step done", { step: step.step, answer });
  return answer;
}
