import { setTimeout as wait } from "node:timers/promises";
import { SyncError } from "../../core/errors.ts";

const POLL_MILLIS = 100;

/**
 * Waits for a condition, never for a time.
 *
 * @param condition - asked again until it is true; a rejection counts as not yet
 * @throws SyncError `ENGINE_FAILED` when it did not come true in time (retryable)
 */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { withinMillis, fix }: { readonly withinMillis: number; readonly fix: string },
): Promise<void> {
  const deadline = Date.now() + withinMillis;
  for (let refusal = ""; ; ) {
    try {
      if (await condition()) return;
      refusal = "";
    } catch (cause) {
      refusal = cause instanceof Error ? `, ${cause.message || cause.name}` : "";
    }
    if (Date.now() > deadline) {
      throw new SyncError("ENGINE_FAILED", `${what} did not happen within ${withinMillis / 1000} s`, {
        subject: `${what}${refusal}`,
        fix,
        retryable: true,
      });
    }
    await wait(POLL_MILLIS);
  }
}
