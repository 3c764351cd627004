import { SyncError } from "./errors.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { parseExact, toExactObject } from "./parse-exact.ts";
import { type ExactJson, type ExactObject, fingerprintSent } from "./plain-fingerprint.ts";
import { withoutValues } from "./read-bulk-answer.ts";
import { SENT_MEMBER_NAMES } from "./sent-line.ts";

/** A document that a managed pipeline could not bring into its index: one object of its dead-letter files. */
export interface RefusedDocument {
  readonly id: string;
  /** Digest of the document; empty for a delete. */
  readonly fingerprint: Fingerprint | "";
  readonly cause: "MAPPING_REJECTED" | "DOCUMENT_TOO_LARGE" | "INDEX_REFUSED";
  /** Without any value of the document. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A delete of a document that is not there, which Data Prepper counts as a failure. */
const NOT_FOUND = 404;

/**
 * Reads one dead-letter file of a pipeline's opensearch sink. Deletes of what was not there are left out: nothing
 * was lost by them.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when it is no such file (not retryable)
 * @see https://github.com/opensearch-project/data-prepper `failures-common/…/S3DlqWriter.java`, `opensearch/…/dlq/FailedDlqData.java`
 */
export function readRefusedFile(text: string): readonly RefusedDocument[] {
  const objects = toObject(parse(text))["dlqObjects"];
  if (!isArray(objects)) throw undecodable();
  return objects.map(toObject).flatMap((letter) => {
    const failed = toObject(letter["failedData"]);
    // A document without an id was never named: the record shows as missing.
    if (toStatus(failed) === NOT_FOUND || failed["indexId"] === null) return [];
    return [toRefused(failed, letter["timestamp"])];
  });
}

function toRefused(failed: ExactObject, timestamp: ExactJson | undefined): RefusedDocument {
  const { indexId, message, document } = failed;
  const status = toStatus(failed);
  if (typeof indexId !== "string" || typeof timestamp !== "string") throw undecodable();
  const content = toObject(document);
  // A delete's document still has what we added to it, and nothing else.
  const isDelete = Object.keys(content).every((name) => SENT_MEMBER_NAMES.has(name));
  return {
    id: indexId,
    fingerprint: isDelete ? "" : fingerprintSent(content, SENT_MEMBER_NAMES),
    cause: status === 400 ? "MAPPING_REJECTED" : status === 413 ? "DOCUMENT_TOO_LARGE" : "INDEX_REFUSED",
    reason: withoutValues(typeof message === "string" ? message : "no reason given"),
    at: Date.parse(timestamp),
  };
}

/** Beside a number with many digits every number of the text is an exact one. */
function toStatus({ status }: ExactObject): number {
  return Number(String(status));
}

function parse(text: string): ExactJson | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

function toObject(value: ExactJson | undefined): ExactObject {
  return toExactObject(value) ?? {};
}

function isArray(value: ExactJson | undefined): value is readonly ExactJson[] {
  return Array.isArray(value);
}

function undecodable(): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a dead-letter file of a managed pipeline cannot be read", {
    subject: "a file without dlqObjects that name their documents",
    fix: "look at it in the state bucket, then remove it",
    retryable: false,
  });
}
