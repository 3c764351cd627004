import { errorCodes, SyncError } from "./errors.ts";

const MESSAGE = /^([A-Z_]+): (.*) \((.*)\)\. Fix: (.*)\.$/s;

/**
 * Reads a SyncError back from its message, which is all that crosses from a function to whoever called it.
 *
 * @returns undefined for any other message
 */
export function parseSyncError(message: string): SyncError | undefined {
  const [, code, what = "", subject = "", fix = ""] = MESSAGE.exec(message) ?? [];
  const known = errorCodes.find((one) => one === code);
  return known === undefined ? undefined : new SyncError(known, what, { subject, fix, retryable: false });
}
