import type { DeadLetter } from "../reindex-request.ts";

export interface DeadLetters {
  /**
   * Puts letters on the generation's dead-letter queue.
   *
   * @throws SyncError `ENGINE_FAILED` when any was not taken (retryable; a letter sent twice is replayed twice, harmlessly)
   */
  send(letters: readonly DeadLetter[]): Promise<void>;
}
