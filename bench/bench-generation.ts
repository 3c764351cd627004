import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeOpenSearchIdentity } from "../adapters/opensearch-identity.ts";
import { makeOpenSearchIndex } from "../adapters/opensearch-index.ts";
import { makeS3ManifestAppender } from "../adapters/s3-manifest-appender.ts";
import identityTransform from "../core/identity-transform.ts";
import type { ConsumerDeps } from "../fallback-consumer/consumer-deps.ts";
import { makeRenderBatch } from "../fallback-consumer/render-batch.ts";
import { makeBenchIndex } from "./bench-index.ts";
import type { BenchOptions } from "./bench-options.ts";

/** Bulks in flight, of the product and of the ceiling. */
export const IN_FLIGHT = 4;
/** Documents a bulk, of the product and of the ceiling. */
export const DOCUMENTS_A_BULK = 2000;
const BUCKET = "trueup-bench";
const now = Date.now;

/** Connections to the engines a benchmark was told of, with the state bucket made. */
export async function openBench({ search, aws }: BenchOptions) {
  const connection = makeSearchConnection({ endpoint: search, authentication: { kind: "none" } }, () =>
    Promise.reject(new Error("no secret is needed")),
  );
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint: aws, region: "us-east-1", forcePathStyle: true, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined);
  return { connection, s3, bucket: BUCKET };
}

/** A consumer as its entry makes it, on a new empty index: real engine, real S3 interface. */
export async function makeBenchGeneration(
  { connection, s3 }: Awaited<ReturnType<typeof openBench>>,
  index: string,
): Promise<ConsumerDeps> {
  const indexUuid = await makeBenchIndex(connection, index);
  const writeAlias = `${index}-write`;
  const limits = { maxInFlight: IN_FLIGHT, maxBulkDocuments: DOCUMENTS_A_BULK };
  return {
    generation: {
      table: "bench",
      generation: index,
      mode: "custom",
      indexUuid,
      transformHash: "identity",
      key: { partitionKey: { name: "id", type: "S" } },
    },
    index: makeOpenSearchIndex(connection, { writeAlias, now, ...limits }),
    identity: makeOpenSearchIdentity(connection, { writeAlias, indexUuid }, now),
    manifest: makeS3ManifestAppender(s3, BUCKET, now),
    deadLetters: { send: (letters) => Promise.reject(new Error(`${letters.length} documents were refused`)) },
    render: makeRenderBatch(identityTransform, () => {
      throw new Error("the identity calls nobody");
    }),
    queue: { send: () => Promise.reject(new Error("nothing is read again here")) },
    newRequestId: () => "none",
    observe: () => undefined,
    now,
  };
}
