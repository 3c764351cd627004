import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import type { ObjectStore, StoredObject } from "../core/ports/object-store.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** Level 1 halves the time of the default for a tenth more bytes. */
const COMPRESSION = { level: 1 };
/** What one DeleteObjects call takes. */
const KEYS_A_DELETE = 1000;

/** The state bucket in S3. */
export function makeS3ObjectStore(client: S3Client, Bucket: string): ObjectStore {
  const put = async (Key: string, Body: string | Uint8Array, condition: Condition = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
  const get = async (Key: string, Range?: string) => {
    try {
      const { Body, ETag = "" } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), tag: ETag };
    } catch (cause) {
      if (cause instanceof NoSuchKey) return undefined;
      throw cause;
    }
  };
  return {
    readText: (key) =>
      named(key, async () => {
        const found = await get(key);
        return found === undefined ? undefined : toText(key, found.bytes);
      }),
    writeText: (key, text) =>
      named(key, async () => {
        await put(key, key.endsWith(".gz") ? await compress(text, COMPRESSION) : text);
      }),
    writeParts: (key, texts) =>
      named(key, async () => {
        const offsets = [0];
        const parts: Uint8Array[] = [];
        for (const text of texts) {
          const part = text === "" ? new Uint8Array() : await compress(text, COMPRESSION);
          parts.push(part);
          offsets.push((offsets.at(-1) ?? 0) + part.length);
        }
        await put(key, Buffer.concat(parts));
        return offsets;
      }),
    readPart: (key, start, end) =>
      named(key, async () => {
        if (start === end) return "";
        const found = await get(key, `bytes=${start}-${end - 1}`);
        return found === undefined ? undefined : (await decompress(found.bytes)).toString("utf8");
      }),
    readTagged: (key) =>
      named(key, async () => {
        const found = await get(key);
        return found === undefined ? undefined : { text: await toText(key, found.bytes), tag: found.tag };
      }),
    replace: (key, text, tag) =>
      named(key, async () => {
        try {
          await put(key, text, tag === undefined ? { IfNoneMatch: "*" } : { IfMatch: tag });
          return true;
        } catch (cause) {
          if (isConflict(cause)) return false;
          throw cause;
        }
      }),
    list: (prefix, limit) => named(prefix, () => list(client, Bucket, prefix, limit)),
    remove: (keys) =>
      named(keys[0] ?? "", async () => {
        for (let start = 0; start < keys.length; start += KEYS_A_DELETE) {
          const Objects = keys.slice(start, start + KEYS_A_DELETE).map((Key) => ({ Key }));
          await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
        }
      }),
  };
}

type Condition = Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">;

async function toText(key: string, bytes: Uint8Array): Promise<string> {
  const plain = key.endsWith(".gz") ? await decompress(bytes) : Buffer.from(bytes);
  return plain.toString("utf8");
}

async function list(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  limit: number,
): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let ContinuationToken: string | undefined;
  do {
    const MaxKeys = Math.min(1000, limit - found.length);
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, MaxKeys }));
    for (const { Key = "", Size = 0 } of page.Contents ?? []) found.push({ key: Key, bytes: Size });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined && found.length < limit);
  return found;
}

/**
 * 412: the tag is another one, or there is an object. 409: a conditional put of somebody else is under way.
 * 404: the object a tag was given for is gone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-error-response
 */
function isConflict(cause: unknown): boolean {
  if (!(cause instanceof S3ServiceException)) return false;
  return [404, 409, 412].includes(cause.$metadata.httpStatusCode ?? 0) && cause.name !== "NoSuchBucket";
}

async function named<Result>(key: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    throw new SyncError("ENGINE_FAILED", "the state bucket did not serve a request", {
      subject: `${key}, ${cause instanceof Error ? cause.name : "no reason given"}`,
      fix: "wait until S3 answers, or give this function's role access to the state bucket",
      retryable: true,
      cause,
    });
  }
}
