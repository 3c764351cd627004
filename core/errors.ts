/** What a {@link SyncError} says besides its code and its sentence. */
export interface SyncErrorDetail {
  /** What it is about, with the value: `dynamodb position 0`. Never a document body or a secret. */
  readonly subject: string;
  /** The one next action, as an imperative: `raise "revision"`. */
  readonly fix: string;
  /** Whether the same call can succeed later without anybody doing anything. */
  readonly retryable: boolean;
  readonly cause?: unknown;
}

/** The name of errors that the same call would meet again, so that workflows do not try it again. */
export const FINAL_ERROR_NAME = "FinalSyncError";

/**
 * A broken promise, with a stable code an operator can look up in `docs/errors.md`.
 *
 * Expected results (a superseded write, a drift) are values, never errors. The message reads
 * `CODE: what is wrong (subject). Fix: next action.`
 */
export class SyncError extends Error {
  /** `SyncError`, or {@link FINAL_ERROR_NAME}: all that a workflow is told of an error besides its message. */
  override readonly name: string;
  readonly code: ErrorCode;
  readonly subject: string;
  readonly fix: string;
  readonly retryable: boolean;

  constructor(code: ErrorCode, what: string, detail: SyncErrorDetail) {
    super(`${code}: ${what} (${detail.subject}). Fix: ${detail.fix}.`, { cause: detail.cause });
    this.name = detail.retryable ? "SyncError" : FINAL_ERROR_NAME;
    this.code = code;
    this.subject = detail.subject;
    this.fix = detail.fix;
    this.retryable = detail.retryable;
  }
}

/** Every code this project can report. `docs/errors.md` explains each one; a test compares the two. */
export const errorCodes = [
  "ADOPTION_REFUSED",
  "AUDIT_NOT_FOUND",
  "BUILD_FAILED",
  "CERTIFICATE_REFUSED",
  "COMMAND_INVALID",
  "CONFIGURATION_INVALID",
  "CONTROL_CONFLICT",
  "CUTOVER_REFUSED",
  "ENGINE_FAILED",
  "ENRICHMENT_FAILED",
  "EVENT_UNDECODABLE",
  "EXPORT_FAILED",
  "GENERATION_LIMIT",
  "GENERATION_SERVING",
  "GENERATION_UNKNOWN",
  "INDEX_CHANGE_REFUSED",
  "INDEX_EXISTS",
  "INDEX_REPLACED",
  "INDEX_UNAVAILABLE",
  "LOAD_OVER",
  "MANIFEST_CORRUPT",
  "POSITION_INVALID",
  "PREREQUISITE_MISSING",
  "QUERY_REFUSED",
  "SECURITY_REFUSED",
  "SETTINGS_INVALID",
  "STACK_UNKNOWN",
  "STREAM_GAP",
  "SYNTH_UNSUPPORTED",
  "TABLE_UNKNOWN",
  "TARGET_UNSUPPORTED",
  "TRANSFORM_CHANGED",
  "TRANSFORM_FAILED",
  "TRANSFORM_INVALID",
  "TRANSFORM_UNSOUND",
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];
