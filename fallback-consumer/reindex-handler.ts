import { makeOpenSearchDocumentVersions } from "../adapters/opensearch-identity.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeS3UnrepairableLog } from "../adapters/s3-unrepairable-log.ts";
import { makeSqsMessagePostponer } from "../adapters/sqs-reindex-queue.ts";
import { makeRecordDocuments } from "../core/read-manifest.ts";
import type { Transform } from "../core/transform.ts";
import type { StreamAnswer } from "./consume-stream.ts";
import type { makeConsumerDeps } from "./make-consumer-deps.ts";
import type { ReindexDeps } from "./reindex-deps.ts";
import { makeReindexRecords } from "./reindex-records.ts";

/** One message, as Lambda's event carries it. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes?: { readonly SentTimestamp?: string };
}

/** Makes Lambda's handler of a generation's reindex queue, whatever its source. */
export function makeReindexHandler(
  transform: Transform,
  { deps, settings, connection, s3, sqs }: ReturnType<typeof makeConsumerDeps>,
  ofSource: Pick<ReindexDeps, "source" | "toucher" | "isYoung">,
) {
  const reindexRecords = makeReindexRecords({
    ...deps,
    ...ofSource,
    documents: makeRecordDocuments(makeS3ObjectStore(s3, settings.stateBucket), settings),
    versions: makeOpenSearchDocumentVersions(connection, settings.writeAlias),
    unrepairable: makeS3UnrepairableLog(s3, settings.stateBucket, settings.table),
    postponer: makeSqsMessagePostponer(sqs, settings.reindexQueueUrl),
    several: transform.kind === "user" && transform.documents === "any",
  });
  return async (
    { Records }: { readonly Records: readonly SqsRecord[] },
    context: { getRemainingTimeInMillis(): number },
  ): Promise<StreamAnswer> => {
    const messages = Records.map(({ messageId, receiptHandle, body, attributes }) => ({
      messageId,
      receiptHandle,
      body,
      sentAt: Number(attributes?.SentTimestamp ?? deps.now()),
    }));
    return reindexRecords(messages, deps.now() + context.getRemainingTimeInMillis());
  };
}
