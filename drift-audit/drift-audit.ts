import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { assumeRole, onceARole, type RoleCredentials } from "../adapters/assume-role.ts";
import { makeDynamoDbExport } from "../adapters/dynamodb-export.ts";
import { makeDynamoDbReader } from "../adapters/dynamodb-reader.ts";
import { makeDynamoDbStreamHorizon } from "../adapters/dynamodb-stream-horizon.ts";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeOpenSearchInspector } from "../adapters/opensearch-inspector.ts";
import { makeParquetExportFile } from "../adapters/parquet-export-file.ts";
import { readAuditSettings } from "../adapters/read-settings.ts";
import { makeS3ByteRanges } from "../adapters/s3-byte-ranges.ts";
import { makeS3ControlStore } from "../adapters/s3-control-store.ts";
import { makeS3ExportFile } from "../adapters/s3-export-file.ts";
import { makeS3ManifestAppender } from "../adapters/s3-manifest-appender.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeReadCredentials } from "../adapters/secret-reader.ts";
import { makeSnsAnnouncer } from "../adapters/sns-announcer.ts";
import { makeSqsDeadLetters } from "../adapters/sqs-dead-letters.ts";
import { makeSqsReindexQueue } from "../adapters/sqs-reindex-queue.ts";
import { makeExportFileByFormat } from "../core/export-file-by-format.ts";
import { makePositionReader } from "../core/read-manifest.ts";
import type { DynamoDbTable } from "../core/source-descriptor.ts";
import type { TableDescriptor } from "../core/table-descriptor.ts";
import { accessDatabase } from "./access-database.ts";
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
const readObject = (bucket: string, key: string) => makeS3ObjectStore(s3, bucket).readText(key);
const readCredentials = makeReadCredentials(new SecretsManagerClient({}));
const warn = (what: string, cause: unknown) => logger.warn(what, cause instanceof Error ? cause : `${cause}`);

const deps: AuditDeps = {
  stateBucket: settings.stateBucket,
  store,
  control: makeS3ControlStore(store),
  exportFile: makeExportFileByFormat(
    makeS3ExportFile(s3),
    makeParquetExportFile(makeS3ByteRanges(s3), readObject),
  ),
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
function accessTo({ table, source }: TableDescriptor, roleArn: string): AuditAccess {
  const credentials = assumeRole(roleArn, "trueup-audit");
  const sqs = new SQSClient({ credentials });
  const queues = {
    deadLettersOf: (queueUrl: string) => makeSqsDeadLetters(sqs, queueUrl),
    queueOf: (queueUrl: string) => makeSqsReindexQueue(sqs, queueUrl),
  };
  return source.kind === "sql"
    ? { ...queues, ...accessDatabase({ table, source, credentials, store, bucket: settings.stateBucket }) }
    : { ...queues, ...accessDynamoDb(source, credentials) };
}

function accessDynamoDb({ tableName, tableArn, streamArn }: DynamoDbTable, credentials: RoleCredentials) {
  const dynamodb = new DynamoDBClient({ credentials });
  return {
    exports: makeDynamoDbExport(dynamodb, tableArn, readObject),
    horizon: makeDynamoDbStreamHorizon(new DynamoDBStreamsClient({ credentials }), streamArn, Date.now),
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
