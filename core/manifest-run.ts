import { bucketOf } from "./bucket.ts";
import { BucketedLines, linesOf } from "./bucketed-object.ts";
import {
  decodeEntry,
  decodePartHeader,
  decodeSegmentHeader,
  encodeEntry,
  idsOfLine,
} from "./manifest-codec.ts";
import type { ManifestEntry, SourcePosition } from "./manifest-entry.ts";

/** Segments being merged into one run: every entry of them, grouped by bucket, none folded away. */
export class RunBuilder {
  readonly lines: BucketedLines;
  readonly positions: SourcePosition[] = [];
  readonly #buckets: number;
  #transformHash: string | undefined;

  constructor(buckets: number) {
    this.#buckets = buckets;
    this.lines = new BucketedLines(buckets);
  }

  /** The first line of every part: the transform hash that entries without one of their own have. */
  get header(): string {
    return JSON.stringify(this.#transformHash ?? "");
  }

  /** Adds a segment's text. @throws SyncError `MANIFEST_CORRUPT` (not retryable) */
  addSegment(text: string): void {
    const [first = "", ...lines] = linesOf(text);
    const { transformHash, positions } = decodeSegmentHeader(first);
    this.#transformHash ??= transformHash;
    this.positions.push(...positions);
    for (const line of lines) this.#addLine(line, transformHash);
  }

  /** An entry lies with its document, and with its record where that is another bucket. */
  #addLine(written: string, transformHash: string): void {
    const { id, recordId } = idsOfLine(written, transformHash);
    const line = transformHash === this.#transformHash ? written : this.#withHash(written, transformHash);
    const bucket = bucketOf(id, this.#buckets);
    this.lines.add(bucket, line);
    if (recordId === id) return;
    const ofRecord = bucketOf(recordId, this.#buckets);
    if (ofRecord !== bucket) this.lines.add(ofRecord, line);
  }

  #withHash(line: string, transformHash: string): string {
    return encodeEntry(decodeEntry(line, transformHash), this.#transformHash ?? "");
  }
}

/** Reads the entries of one bucket's part of a run or base. @throws SyncError `MANIFEST_CORRUPT` (not retryable) */
export function* decodePart(text: string): Generator<ManifestEntry> {
  const lines = linesOf(text);
  const [first] = lines;
  if (first === undefined) return;
  const transformHash = decodePartHeader(first);
  // Not sliced: a part has tens of thousands of lines.
  for (let index = 1; index < lines.length; index += 1) yield decodeEntry(lines[index] ?? "", transformHash);
}

/** Writes entries as {@link decodePart} reads them. */
export function encodePart(entries: readonly ManifestEntry[]): string {
  const transformHash = entries[0]?.transformHash ?? "";
  const lines = entries.map((entry) => encodeEntry(entry, transformHash));
  return `${[JSON.stringify(transformHash), ...lines].join("\n")}\n`;
}
