import type { IndexWrite } from "./ports/index-writer.ts";
import { quote } from "./quote.ts";

/** How large one bulk may grow. */
export interface BulkLimits {
  readonly maxBulkBytes: number;
  readonly maxBulkDocuments: number;
}

/** One write with its two lines of a bulk body. */
export interface BulkItem {
  /** Place in the writes it came from. */
  readonly place: number;
  readonly lines: string;
}

/** Bytes of an action line beside the id; what a document costs more than its source. */
const ACTION_BYTES = 80;

/**
 * The bulk lines of a write: `index` or `delete` under its own version, so that an older write answers 409.
 *
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export function toBulkLines({ id, version, source }: IndexWrite): string {
  if (source === undefined) {
    return `{"delete":{"_id":${quote(id)},"version":${version},"version_type":"external_gte"}}\n`;
  }
  return `{"index":{"_id":${quote(id)},"version":${version},"version_type":"external_gte"}}\n${source}\n`;
}

/**
 * Cuts writes into bulks within the limits, in order; a write over the limit alone is a bulk of its own.
 *
 * Bytes are counted as characters x 1 for ASCII, which is exact, and at most three times too few otherwise;
 * what the target still finds too large it answers 413, and the writer halves it.
 */
export function splitBulks(
  writes: readonly IndexWrite[],
  limits: BulkLimits,
): readonly (readonly BulkItem[])[] {
  const bulks: BulkItem[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [place, write] of writes.entries()) {
    const cost = (write.source?.length ?? 0) + write.id.length + ACTION_BYTES;
    const open = bulks.at(-1);
    const item = { place, lines: toBulkLines(write) };
    if (open === undefined || bytes + cost > limits.maxBulkBytes || open.length >= limits.maxBulkDocuments) {
      bulks.push([item]);
      bytes = cost;
    } else {
      open.push(item);
      bytes += cost;
    }
  }
  return bulks;
}
