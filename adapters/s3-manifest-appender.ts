import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import { encodeSegment } from "../core/manifest-codec.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ManifestAppender } from "../core/ports/manifest-appender.ts";
import { stateLayout } from "../core/state-layout.ts";

const compress = promisify(gzip);
/**
 * Level 1 and a window of 4 KiB take a third of the default's time. Lines resemble their neighbours, so that
 * looking further back only finds costlier copies: it comes out no larger than the default does.
 */
const COMPRESSION = { level: 1, windowBits: 12 };

/**
 * Puts each segment as one object, `segments/<hour>/<time>-<origin>-<digest>.gz`.
 *
 * The hour and the time are the writer's clock's, so that a reader can list by time; the digest keeps
 * invocations of one millisecond apart.
 */
export function makeS3ManifestAppender(client: S3Client, bucket: string, now: Clock): ManifestAppender {
  return {
    append: async (segment) => {
      const bytes = Buffer.from(encodeSegment(segment));
      const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
      const time = new Date(now()).toISOString();
      const name = `${time.replaceAll(/[:.]/g, "-")}-${segment.origin}-${digest}.gz`;
      const Key = `${stateLayout.manifest(segment.generation, segment.indexUuid)}segments/${time.slice(0, 13)}/${name}`;
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key, Body: await compress(bytes, COMPRESSION) }),
        );
      } catch (cause) {
        throw new SyncError("ENGINE_FAILED", "a manifest segment was not stored", {
          subject: `${bucket}/${Key}, ${cause instanceof Error ? cause.name : "no reason given"}`,
          fix: "wait until S3 takes it; the batch is delivered again",
          retryable: true,
          cause,
        });
      }
    },
  };
}
