import type { Fingerprint } from "./fingerprint.ts";

/** One record of an export: `""` where an incremental export says that it was deleted. */
export interface RecordRow {
  readonly recordId: string;
  readonly fingerprint: Fingerprint | "";
}

/** One document as the index lists it. The version is decimal text: it may not fit a number. */
export interface DocumentRow {
  readonly id: string;
  readonly shard: number;
  readonly version: string;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

const DELETED = "-".repeat(32);

/** Writes a row as 32 characters of fingerprint and the id. */
export function encodeRecordRow({ recordId, fingerprint }: RecordRow): string {
  return `${fingerprint === "" ? DELETED : fingerprint}${encodeId(recordId)}`;
}

export function decodeRecordRow(line: string): RecordRow {
  const fingerprint = line.slice(0, 32);
  return {
    recordId: decodeId(line, 32),
    fingerprint: fingerprint === DELETED ? "" : (fingerprint as Fingerprint),
  };
}

/** Writes a row as `shard seqNo primaryTerm version id`. */
export function encodeDocumentRow({ id, shard, version, seqNo, primaryTerm }: DocumentRow): string {
  return `${shard} ${seqNo} ${primaryTerm} ${version} ${encodeId(id)}`;
}

export function decodeDocumentRow(line: string): DocumentRow {
  const shardEnd = line.indexOf(" ");
  const seqNoEnd = line.indexOf(" ", shardEnd + 1);
  const termEnd = line.indexOf(" ", seqNoEnd + 1);
  const versionEnd = line.indexOf(" ", termEnd + 1);
  return {
    id: decodeId(line, versionEnd + 1),
    shard: Number(line.slice(0, shardEnd)),
    seqNo: Number(line.slice(shardEnd + 1, seqNoEnd)),
    primaryTerm: Number(line.slice(seqNoEnd + 1, termEnd)),
    version: line.slice(termEnd + 1, versionEnd),
  };
}

/** An id stands as it is, unless it would break the line or look like JSON text. */
function encodeId(id: string): string {
  return id.startsWith('"') || /[\n\r\ud800-\udfff]/.test(id) ? JSON.stringify(id) : id;
}

function decodeId(line: string, start: number): string {
  return line.charCodeAt(start) === 34 ? JSON.parse(line.slice(start)) : line.slice(start);
}
