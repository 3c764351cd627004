import { SyncError } from "./errors.ts";
import { type ExternalVersion, toExternalVersion } from "./external-version.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { EntryState, ManifestEntry, ManifestSegment } from "./manifest-entry.ts";

const STATE_LETTERS: Readonly<Record<EntryState, string>> = {
  present: "",
  deleted: "d",
  omitted: "o",
  purged: "p",
};
const STATES = new Map<string, EntryState>([
  ["", "present"],
  ["d", "deleted"],
  ["o", "omitted"],
  ["p", "purged"],
]);

type EntryRow = readonly [
  id: string,
  recordId: string | 0,
  version: string,
  fingerprint: string,
  flags: string,
  seqNo: number,
  primaryTerm: number,
  sourceTime: number,
  transformHash?: string,
];

/**
 * Writes one entry as a line of a segment, run or base: a JSON array, so that a line costs about 100 bytes.
 *
 * @param segmentHash - the transform hash the file's header carries; entries of the same hash leave theirs out
 */
export function encodeEntry(entry: ManifestEntry, segmentHash: string): string {
  const flags = STATE_LETTERS[entry.state] + (entry.tied ? "t" : "");
  const hash = entry.transformHash === segmentHash ? "" : `,${JSON.stringify(entry.transformHash)}`;
  const id = JSON.stringify(entry.id);
  const recordId = entry.recordId === entry.id ? "0" : JSON.stringify(entry.recordId);
  return `[${id},${recordId},"${entry.version}","${entry.fingerprint}","${flags}",${entry.seqNo},${entry.primaryTerm},${entry.sourceTime}${hash}]`;
}

/**
 * Reads a line that {@link encodeEntry} wrote.
 *
 * @throws SyncError `MANIFEST_CORRUPT` when the line is not one (not retryable)
 */
export function decodeEntry(line: string, segmentHash: string): ManifestEntry {
  try {
    const row: EntryRow = JSON.parse(line);
    const tied = row[4].endsWith("t");
    const state = STATES.get(tied ? row[4].slice(0, -1) : row[4]);
    if (state === undefined) throw new RangeError(`flags ${row[4]}`);
    return {
      id: row[0],
      recordId: row[1] === 0 ? row[0] : row[1],
      version: parseVersion(row[2]),
      fingerprint: row[3] as Fingerprint | "",
      state,
      tied,
      seqNo: row[5],
      primaryTerm: row[6],
      sourceTime: row[7],
      transformHash: row[8] ?? segmentHash,
    };
  } catch (cause) {
    throw corrupt("a line is not a manifest entry", line.slice(0, 40), cause);
  }
}

/** The first line of a segment: everything but its entries. */
export type SegmentHeader = Omit<ManifestSegment, "entries">;

/** Writes a segment as lines: its header, then an entry a line. Compression is the store's concern. */
export function encodeSegment({ entries, ...header }: ManifestSegment): string {
  const lines = entries.map((entry) => encodeEntry(entry, header.transformHash));
  return `${[JSON.stringify(header), ...lines].join("\n")}\n`;
}

/**
 * Reads what {@link encodeSegment} wrote.
 *
 * @throws SyncError `MANIFEST_CORRUPT` (not retryable)
 */
export function decodeSegment(text: string): ManifestSegment {
  const [first = "", ...lines] = text.split("\n");
  const header = parseHeader(first);
  const entries = lines.filter((line) => line !== "").map((line) => decodeEntry(line, header.transformHash));
  return { ...header, entries };
}

function parseHeader(line: string): SegmentHeader {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw corrupt("a segment has no header", line.slice(0, 40), cause);
  }
}

function parseVersion(text: string): ExternalVersion {
  return toExternalVersion(BigInt(text), "manifest version");
}

function corrupt(what: string, subject: string, cause: unknown): SyncError {
  return new SyncError("MANIFEST_CORRUPT", what, {
    subject,
    fix: "restore the object from the bucket's versions, or raise the generation's revision",
    retryable: false,
    cause,
  });
}
