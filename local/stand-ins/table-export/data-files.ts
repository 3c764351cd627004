import { createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { crc32, gzip } from "node:zlib";
import type { ExportObjects } from "./export-objects.ts";
import type { ExportRow } from "./export-row.ts";

/** A data file, as `manifest-files.json` lists it. */
export interface DataFile {
  readonly itemCount: number;
  /** Base64, of the compressed file. */
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

/** Writes the lines of an export into several files, so that loading in parallel is real. */
export interface DataFiles {
  /** Adds a line to the file of its key's partition. */
  add(row: ExportRow): Promise<void>;
  /** Writes what is left. An export has at least one file a partition, be it an empty one. */
  finish(): Promise<readonly DataFile[]>;
}

interface Partition {
  lines: string[];
  characters: number;
  files: number;
}

/** Tables on AWS begin with few partitions and get more by size. */
const PARTITIONS = 4;
const MAXIMUM_LINES = 32_000;
/** A file is put together in memory, and joining this much text holds the event loop up for some 10 ms. */
const MAXIMUM_CHARACTERS = 8 * 1024 * 1024;

const compress = promisify(gzip);

/** Makes the data files under a folder of the export's bucket. */
export function makeDataFiles(objects: ExportObjects, bucket: string, folder: string): DataFiles {
  const partitions = Array.from(
    { length: PARTITIONS },
    (): Partition => ({ lines: [], characters: 0, files: 0 }),
  );
  const written: DataFile[] = [];
  const flush = async (partition: Partition): Promise<void> => {
    const { lines } = partition;
    Object.assign(partition, { lines: [], characters: 0, files: partition.files + 1 });
    const content = await compress(lines.map((line) => `${line}\n`).join(""));
    const dataFileS3Key = `${folder}${randomBytes(13).toString("hex")}.json.gz`;
    const etag = await objects.put(bucket, dataFileS3Key, content);
    const md5Checksum = createHash("md5").update(content).digest("base64");
    written.push({ itemCount: lines.length, md5Checksum, etag, dataFileS3Key });
  };
  return {
    add: async ({ key, line }) => {
      const partition = partitions[crc32(key) % PARTITIONS];
      if (partition === undefined) return;
      partition.lines.push(line);
      partition.characters += line.length;
      const full = partition.lines.length >= MAXIMUM_LINES || partition.characters >= MAXIMUM_CHARACTERS;
      if (full) await flush(partition);
    },
    finish: async () => {
      for (const partition of partitions) {
        if (partition.lines.length > 0 || partition.files === 0) await flush(partition);
      }
      return written;
    },
  };
}
