import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import type { ExportFile } from "../core/ports/export-file.ts";

/** Two bulks: few enough that what a block makes is forgotten young, which is what collecting garbage costs least for. */
const LINES_A_BLOCK = 4_000;

/**
 * Reads gzipped data files of a DynamoDB export as streams: a file is never whole in memory.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function makeS3ExportFile(client: S3Client): ExportFile {
  return {
    readBlocks: async function* ({ bucket, key }, fromLine) {
      try {
        yield* toBlocks(await open(client, bucket, key), fromLine);
      } catch (cause) {
        throw new SyncError("EXPORT_FAILED", "a data file of the export cannot be read", {
          subject: `${bucket}/${key}, ${cause instanceof Error ? cause.message : "no reason given"}`,
          fix: "wait until S3 serves it, or build the generation again from a new export",
          retryable: true,
          cause,
        });
      }
    },
  };
}

async function open(client: S3Client, Bucket: string, Key: string): Promise<Readable> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  if (!(Body instanceof Readable)) throw new TypeError("S3 answered without a body");
  return Body;
}

/** A failure of any stage reaches the reader: a file that was cut short must never look finished. */
async function* toBlocks(body: Readable, fromLine: number): AsyncGenerator<readonly string[]> {
  const text = createGunzip().setEncoding("utf8");
  const flowing = pipeline(body, text);
  flowing.catch((cause: Error) => text.destroy(cause));
  let block: string[] = [];
  let skipped = 0;
  for await (const lines of toLines(text)) {
    const wanted = lines.slice(Math.min(lines.length, fromLine - skipped));
    skipped += lines.length - wanted.length;
    block.push(...wanted);
    for (; block.length >= LINES_A_BLOCK; block = block.slice(LINES_A_BLOCK))
      yield block.slice(0, LINES_A_BLOCK);
  }
  await flowing;
  if (block.length > 0) yield block;
}

/** Lines end with a line feed and nothing else: JSON may hold U+2028, where `node:readline` would cut. */
async function* toLines(text: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let begun = "";
  for await (const chunk of text) {
    const lines = `${begun}${chunk}`.split("\n");
    begun = lines.pop() ?? "";
    yield lines;
  }
  if (begun !== "") yield [begun];
}
