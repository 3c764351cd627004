export interface GapRecorder {
  /**
   * Notes that changes were lost for good: the generation serves on, and only an approved full audit or a new revision
   * heals it. The first cause stays. Also counted as a metric.
   *
   * @throws SyncError `ENGINE_FAILED` or `CONTROL_CONFLICT` when it could not be noted (retryable)
   */
  record(cause: string): Promise<void>;
}
