import transform from "trueup:transform";
import { makeDynamoDbReader } from "../adapters/dynamodb-reader.ts";
import { makeDynamoDbToucher } from "../adapters/dynamodb-toucher.ts";
import { makeOpenSearchDocumentVersions } from "../adapters/opensearch-identity.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeS3UnrepairableLog } from "../adapters/s3-unrepairable-log.ts";
import { makeSqsMessagePostponer } from "../adapters/sqs-reindex-queue.ts";
import { makeRecordDocuments } from "../core/read-manifest.ts";
import type { StreamAnswer } from "./consume-stream.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";
import { makeReindexRecords } from "./reindex-records.ts";

const { deps, settings, connection, s3, sqs, dynamodb } = makeConsumerDeps(transform, process.env);
const reindexRecords = makeReindexRecords({
  ...deps,
  source: makeDynamoDbReader(dynamodb, settings.source.tableName),
  documents: makeRecordDocuments(makeS3ObjectStore(s3, settings.stateBucket), settings),
  versions: makeOpenSearchDocumentVersions(connection, settings.writeAlias),
  unrepairable: makeS3UnrepairableLog(s3, settings.stateBucket, settings.table),
  postponer: makeSqsMessagePostponer(sqs, settings.reindexQueueUrl),
  ...(settings.touches
    ? { toucher: makeDynamoDbToucher(dynamodb, settings.source.tableName, deps.now) }
    : {}),
  several: transform.kind === "user" && transform.documents === "any",
});

/** One message, as Lambda's event carries it. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes?: { readonly SentTimestamp?: string };
}

/** Lambda's entry for a generation's reindex queue. */
export async function handler(
  { Records }: { readonly Records: readonly SqsRecord[] },
  context: { getRemainingTimeInMillis(): number },
): Promise<StreamAnswer> {
  const messages = Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    messageId,
    receiptHandle,
    body,
    sentAt: Number(attributes?.SentTimestamp ?? deps.now()),
  }));
  return reindexRecords(messages, deps.now() + context.getRemainingTimeInMillis());
}
