export interface SecretReader {
  /**
   * Reads a secret's current text.
   *
   * @throws SyncError `PREREQUISITE_MISSING` when it is not there, holds no text, or may not be read (not retryable)
   * @throws SyncError `ENGINE_FAILED` when it cannot be read now (retryable)
   */
  read(secretArn: string): Promise<string>;
}
