import fc from "fast-check";
import { type ErrorCode, errorCodes, SyncError } from "../../core/errors.ts";
import { parseSyncError } from "../../core/parse-sync-error.ts";

/** Texts of what a message is made of, its own punctuation above all. */
const text = fc
  .array(fc.oneof(fc.constantFrom(" (", ")", "). Fix: ", ": ", ".", "\n", "BUILD_FAILED", "“"), fc.string()))
  .map((parts) => parts.join(""));

/** Texts in which no part of a message can be mistaken for another: only parentheses say where a subject begins and ends. */
const plain = text.map((any) => any.replaceAll(/[()]/g, ""));

const makeError = (code: ErrorCode, what: string, subject: string, fix: string) =>
  new SyncError(code, what, { subject, fix, retryable: false });

describe("parseSyncError", () => {
  it.each(errorCodes)("reads %s back from its message, with what, subject and fix", (code) => {
    fc.assert(
      fc.property(plain, plain, plain, (what, subject, fix) => {
        expect(parseSyncError(makeError(code, what, subject, fix).message)).toMatchObject({
          code,
          subject,
          fix,
          message: `${code}: ${what} (${subject}). Fix: ${fix}.`,
        });
      }),
    );
  });

  it("changes neither code nor message, whatever parentheses, colons and lines the texts have", () => {
    fc.assert(
      fc.property(fc.constantFrom(...errorCodes), text, text, text, (code, what, subject, fix) => {
        const error = makeError(code, what, subject, fix);
        expect(parseSyncError(error.message)).toMatchObject({ code, message: error.message });
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["another error", "connect ECONNREFUSED 127.0.0.1:9200"],
    ["a code nobody has", "SOMETHING_ELSE: it is so (this). Fix: do that."],
    ["a code without a fix", "BUILD_FAILED: it is so (this)."],
    ["a code without a subject", "BUILD_FAILED: it is so. Fix: do that."],
    ["words before the code", "Error: BUILD_FAILED: it is so (this). Fix: do that."],
    ["words after the fix", "BUILD_FAILED: it is so (this). Fix: do that.\n    at main"],
    ["the code in small letters", "build_failed: it is so (this). Fix: do that."],
  ])("makes no SyncError of %s", (_, message) => {
    expect(parseSyncError(message)).toBeUndefined();
  });
});

// Step Functions is told of an error by its name, and tries again those named SyncError.
it("names an error that may be tried again SyncError, and a final one FinalSyncError", () => {
  const [retryable, final] = [true, false].map(
    (retryable) => new SyncError("BUILD_FAILED", "it is so", { subject: "this", fix: "do that", retryable }),
  );
  expect(retryable?.name).toBe("SyncError");
  expect(final?.name).toBe("FinalSyncError");
  expect(String(final)).toMatch(/^FinalSyncError: BUILD_FAILED: /);
});
