import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../../../core/errors.ts";
import type { EmulatorPlace } from "../emulator.ts";

/** The bucket an export is written to. */
export interface ExportObjects {
  /**
   * @returns the object's etag, without quotes
   * @throws SyncError `EXPORT_FAILED` when S3 does not take it (not retryable)
   */
  put(bucket: string, key: string, content: string | Uint8Array): Promise<string>;
}

/** Writes into the emulator's S3. */
export function makeExportObjects({ url, region }: EmulatorPlace): ExportObjects {
  const client = new S3Client({
    endpoint: url,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    put: async (Bucket, Key, Body) => {
      try {
        const ContentLength = Buffer.byteLength(Body);
        const { ETag = "" } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
        return ETag.replaceAll('"', "");
      } catch (cause) {
        throw notWritten(Bucket, Key, cause);
      }
    },
  };
}

function notWritten(bucket: string, key: string, cause: unknown): SyncError {
  const name = cause instanceof Error ? cause.name : "no reason given";
  return new SyncError("EXPORT_FAILED", "a file of the export cannot be written", {
    subject: `${bucket}/${key}, ${name}`,
    fix: "check that the bucket exists",
    retryable: false,
    cause,
  });
}
