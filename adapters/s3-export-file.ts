import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SyncError } from "../core/errors.ts";
import { LineBlock } from "../core/line-block.ts";
import type { ExportFile } from "../core/ports/export-file.ts";

/** Two bulks: few enough that what a block makes is forgotten young, which is what collecting garbage costs least for. */
const LINES_A_BLOCK = 4_000;
/** So large that a chunk's own cost does not count. */
const CHUNK_BYTES = 128 * 1024;
const LINE_FEED = 0x0a;

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
async function* toBlocks(body: Readable, fromLine: number): AsyncGenerator<LineBlock> {
  const bytes = createGunzip({ chunkSize: CHUNK_BYTES });
  const flowing = pipeline(body, bytes);
  flowing.catch((cause: Error) => bytes.destroy(cause));
  const lines = new HeldLines();
  let unwanted = fromLine;
  for await (const chunk of bytes) {
    lines.add(chunk);
    if (unwanted > 0) unwanted -= lines.take(Math.min(unwanted, lines.count)).count;
    while (lines.count >= LINES_A_BLOCK) yield lines.take(LINES_A_BLOCK);
  }
  await flowing;
  lines.endLast();
  if (unwanted > 0) lines.take(Math.min(unwanted, lines.count));
  if (lines.count > 0) yield lines.take(lines.count);
}

/**
 * Bytes on their way to blocks.
 *
 * Lines end with a line feed and nothing else: JSON may hold U+2028, where `node:readline` would cut.
 */
class HeldLines {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ends: number[] = [];

  /** How many whole lines it holds. */
  get count(): number {
    return this.#ends.length;
  }

  add(chunk: Buffer): void {
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, end + 1)) {
      this.#ends.push(this.#bytes + end);
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** No more bytes come: what is behind the last line feed is a line too. */
  endLast(): void {
    if (this.#bytes > (this.#ends.at(-1) ?? -1) + 1) this.#ends.push(this.#bytes);
  }

  /** Gives the first lines away, at most as many as it holds. */
  take(count: number): LineBlock {
    const held = Buffer.concat(this.#chunks);
    const ends = this.#ends.slice(0, count);
    const end = Math.min((ends.at(-1) ?? -1) + 1, held.length);
    const rest = this.#ends.slice(count).map((place) => place - end);
    this.#chunks = [held.subarray(end)];
    this.#bytes = held.length - end;
    this.#ends = rest;
    return toBlock(held.subarray(0, end), ends);
  }
}

/** What is no UTF-8 is replaced, as in any text that is decoded. */
function toBlock(bytes: Buffer, ends: readonly number[]): LineBlock {
  return isUtf8(bytes) ? new LineBlock(bytes, ends) : LineBlock.of(new LineBlock(bytes, ends).texts());
}
