import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { makeS3ExportFile } from "../../adapters/s3-export-file.ts";

/** A client whose every object holds the same bytes, in pieces as a network brings them. */
function clientFor(bytes: Buffer, pieceBytes: number): S3Client {
  const client = new S3Client({ region: "us-east-1" });
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, piece) =>
    bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes),
  );
  client.send = async () => ({ Body: Readable.from(pieces) });
  return client;
}

async function readLines(bytes: Buffer, fromLine = 0, pieceBytes = 1_000): Promise<string[]> {
  const lines: string[] = [];
  const file = makeS3ExportFile(clientFor(bytes, pieceBytes));
  for await (const block of file.readBlocks({ bucket: "b", key: "k" }, fromLine))
    lines.push(...block.texts());
  return lines;
}

const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => JSON.stringify({ text }));

describe("makeS3ExportFile", () => {
  it("reads every line from any line on, however the bytes arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.nat(50),
        fc.integer({ min: 1, max: 50 }),
        async (lines, from, piece) => {
          const bytes = gzipSync(lines.map((one) => `${one}\n`).join(""));
          expect(await readLines(bytes, from, piece)).toEqual(lines.slice(from));
        },
      ),
    );
  });

  it("does not cut a line at a line separator inside its text", async () => {
    const odd = `{"Item":{"note":{"S":"one\u2028two\u2029three\u0085four\r"}}}`;
    expect(await readLines(gzipSync(`${odd}\n${odd}\n`))).toEqual([odd, odd]);
  });

  it("hands out long files in blocks, the last line without a line feed too", async () => {
    const lines = Array.from({ length: 25_000 }, (_, place) => String(place));
    const sizes: number[] = [];
    const file = makeS3ExportFile(clientFor(gzipSync(lines.join("\n")), 4_096));
    for await (const block of file.readBlocks({ bucket: "b", key: "k" }, 0)) sizes.push(block.count);
    expect(sizes).toEqual([4_000, 4_000, 4_000, 4_000, 4_000, 4_000, 1_000]);
  });

  it("gives out valid UTF-8 only, whatever the file holds", async () => {
    const bytes = Buffer.concat([Buffer.from("one\ntw"), Buffer.from([0xff]), Buffer.from("o\nthree")]);
    expect(await readLines(gzipSync(bytes))).toEqual(["one", "tw\ufffdo", "three"]);
    expect(await readLines(gzipSync(bytes), 2)).toEqual(["three"]);
    expect(await readLines(gzipSync(bytes), 3)).toEqual([]);
  });

  it.each([
    ["cut short", gzipSync("one\ntwo\n").subarray(0, 20)],
    ["no gzip at all", Buffer.from("one\ntwo\n")],
  ])("never takes a file that is %s for a finished one", async (_what, bytes) => {
    await expect(readLines(bytes)).rejects.toThrow(/^EXPORT_FAILED/);
  });
});
