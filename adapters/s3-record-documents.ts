import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import { decodeEntry } from "../core/manifest-codec.ts";
import type { ManifestEntry } from "../core/manifest-entry.ts";
import type { KnownDocument, RecordDocuments } from "../core/ports/record-documents.ts";
import { stateLayout } from "../core/state-layout.ts";

const decompress = promisify(gunzip);

/** Finds a record's documents by looking through a generation's manifest, object by object. */
export function makeS3RecordDocuments(
  client: S3Client,
  bucket: string,
  { generation, indexUuid }: { readonly generation: string; readonly indexUuid: string },
): RecordDocuments {
  const prefix = stateLayout.manifest(generation, indexUuid);
  return {
    list: async (recordId) => {
      const last = new Map<string, ManifestEntry>();
      try {
        for await (const key of listKeys(client, bucket, prefix)) {
          for (const entry of findEntries(await readText(client, bucket, key), recordId)) {
            const before = last.get(entry.id);
            if (before === undefined || isLater(entry, before)) last.set(entry.id, entry);
          }
        }
      } catch (cause) {
        throw unreadable(`${bucket}/${prefix}`, cause);
      }
      return [...last.values()].map(toKnownDocument);
    },
  };
}

async function* listKeys(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<string> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key = "" } of Contents) if (Key.endsWith(".gz")) yield Key;
  }
}

async function readText(client: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return (await decompress((await Body?.transformToByteArray()) ?? new Uint8Array())).toString();
}

/** Only lines that name the record are parsed. */
function findEntries(text: string, recordId: string): readonly ManifestEntry[] {
  const [header = "", ...lines] = text.split("\n");
  const quoted = JSON.stringify(recordId);
  const all = header.startsWith("[") ? [header, ...lines] : lines;
  return all
    .filter((line) => line.includes(quoted))
    .map((line) => decodeEntry(line, ""))
    .filter((entry) => entry.recordId === recordId);
}

function isLater(entry: ManifestEntry, before: ManifestEntry): boolean {
  if (entry.primaryTerm !== before.primaryTerm) return entry.primaryTerm > before.primaryTerm;
  return entry.seqNo > before.seqNo;
}

function toKnownDocument({ id, version, state }: ManifestEntry): KnownDocument {
  return { id, version, live: state === "present" };
}

function unreadable(subject: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "the manifest cannot be read", {
    subject: `${subject}, ${cause instanceof Error ? cause.name : "no reason given"}`,
    fix: "wait until S3 serves it; the request is delivered again",
    retryable: true,
    cause,
  });
}
