export interface MessagePostponer {
  /**
   * Hides a received message, which its group waits for.
   *
   * @param seconds - whole seconds, 0 to 43,200
   * @throws SyncError `ENGINE_FAILED` when the queue refused; the message then comes back by itself
   */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
}
