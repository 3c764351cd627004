import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { EmulatorPlace } from "../emulator.ts";

/** The buckets a pipeline writes to and reads its export from. Both calls reject when S3 does not do it. */
export interface PipelineObjects {
  put(bucket: string, key: string, content: string | Uint8Array): Promise<void>;
  get(bucket: string, key: string): Promise<Uint8Array>;
}

/** @see https://github.com/opensearch-project/data-prepper `s3-sink/…/S3SinkConfig.java` max_retries */
const UPLOAD_TRIES = 6;

/** The emulator's S3. */
export function makePipelineObjects({ url, region }: EmulatorPlace): PipelineObjects {
  const client = new S3Client({
    endpoint: url,
    region,
    forcePathStyle: true,
    maxAttempts: UPLOAD_TRIES,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    put: async (Bucket, Key, Body) => {
      const ContentLength = Buffer.byteLength(Body);
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
    },
    get: async (Bucket, Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}
