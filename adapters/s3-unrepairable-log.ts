import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import type { UnrepairableLog } from "../core/ports/unrepairable-log.ts";
import { stateLayout } from "../core/state-layout.ts";

/** One JSON object a document under the audit's folder, named by the id's hash: noted twice is noted once. */
export function makeS3UnrepairableLog(client: S3Client, bucket: string, table: string): UnrepairableLog {
  return {
    write: async (run, unrepairable) => {
      const name = createHash("sha256").update(unrepairable.id).digest("hex");
      const Key = `${stateLayout.unrepairable(table, run)}${name}.json`;
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(unrepairable) }));
      } catch (cause) {
        throw new SyncError("ENGINE_FAILED", "an unrepairable document was not noted", {
          subject: `${bucket}/${Key}, ${cause instanceof Error ? cause.name : "no reason given"}`,
          fix: "wait until S3 takes it; the request is delivered again",
          retryable: true,
          cause,
        });
      }
    },
  };
}
