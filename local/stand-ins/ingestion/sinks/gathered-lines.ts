import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** Lines that become one object. */
export interface GatheredLines {
  add(line: string): void;
  /** Bytes so far, of what the compression has let go. */
  bytes(): number;
  finish(): Promise<Buffer>;
}

export function gatherLines(compression: "none" | "gzip"): GatheredLines {
  return compression === "gzip" ? gatherCompressed() : gatherPlain();
}

function gatherPlain(): GatheredLines {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add: (line) => {
      const chunk = Buffer.from(`${line}\n`);
      bytes += chunk.length;
      chunks.push(chunk);
    },
    bytes: () => bytes,
    finish: async () => Buffer.concat(chunks),
  };
}

function gatherCompressed(): GatheredLines {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  let bytes = 0;
  gzip.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
  });
  return {
    add: (line) => void gzip.write(`${line}\n`),
    bytes: () => bytes,
    finish: async () => {
      gzip.end();
      await finished(gzip);
      return Buffer.concat(chunks);
    },
  };
}
