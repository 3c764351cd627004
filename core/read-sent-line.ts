import { SyncError } from "./errors.ts";
import { type ExternalVersion, toExternalVersion } from "./external-version.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { ManifestEntry } from "./manifest-entry.ts";
import { parseExact, toExactObject } from "./parse-exact.ts";
import { type ExactJson, type ExactObject, fingerprintSent } from "./plain-fingerprint.ts";
import { SENT_MEMBER_NAMES, SENT_MEMBERS } from "./sent-line.ts";

/** What a managed pipeline sent to its index: one line of its manifest sink. */
export interface SentLine {
  readonly id: string;
  readonly version: ExternalVersion;
  readonly fingerprint: Fingerprint | "";
  readonly deletes: boolean;
  /** When the change was made, or the export was taken; epoch milliseconds. */
  readonly time: number;
}

/**
 * @throws SyncError `EVENT_UNDECODABLE` when the line is not one (not retryable)
 * @throws SyncError `POSITION_INVALID` when its version is outside 1..2^63-1 (not retryable)
 */
export function readSentLine(line: string): SentLine {
  const sent = parse(line);
  const id = sent[SENT_MEMBERS.id];
  const version = sent[SENT_MEMBERS.version];
  const time = sent[SENT_MEMBERS.time];
  const action = sent[SENT_MEMBERS.action];
  if (typeof id !== "string" || (action !== "index" && action !== "delete")) throw undecodable(line);
  if (!isWhole(version) || !isWhole(time)) throw undecodable(line);
  const deletes = action === "delete";
  return {
    id,
    version: toExternalVersion(BigInt(String(version)), "sent version"),
    fingerprint: deletes ? "" : fingerprintSent(sent, SENT_MEMBER_NAMES),
    deletes,
    time: Number(String(time)),
  };
}

/**
 * The manifest's entry of what was sent. Nobody learns its sequence number, so its version stands for it: among
 * writes that the index took, both have one order.
 */
export function toSentEntry(
  { id, version, fingerprint, deletes, time }: SentLine,
  transformHash: string,
): ManifestEntry {
  return {
    id,
    recordId: id,
    version,
    fingerprint,
    state: deletes ? "deleted" : "present",
    ...managedPlace(version),
    tied: false,
    sourceTime: time,
    transformHash,
  };
}

/** What stands for a write's place in the index's order, in a managed generation's manifest. */
export function managedPlace(version: ExternalVersion): {
  readonly seqNo: number;
  readonly primaryTerm: number;
} {
  return { seqNo: Number(version), primaryTerm: 1 };
}

/** Rows of an export carry a version from five minutes before it. */
const EXPORT_OVERLAP_MILLIS = 300_000;

/** Whether a line came from the stream, not from the pipeline's export. */
export function isStreamed({ version, time }: SentLine): boolean {
  return version !== BigInt(time - EXPORT_OVERLAP_MILLIS) * 1000n;
}

function parse(line: string): ExactObject {
  try {
    const value = toExactObject(parseExact(line));
    if (value !== undefined) return value;
  } catch {
    // told below
  }
  throw undecodable(line);
}

/** A whole number of a version's or a time's length. */
function isWhole(value: ExactJson | undefined): boolean {
  return value !== undefined && /^\d{1,19}$/.test(String(value));
}

function undecodable(line: string): SyncError {
  return new SyncError(
    "EVENT_UNDECODABLE",
    "a line of a managed pipeline's manifest sink lacks what we added to it",
    {
      subject: `a line of ${line.length} characters`,
      fix: "deploy the pipeline as the program declares it",
      retryable: false,
    },
  );
}
