export interface DocumentVersions {
  /**
   * The version a document has in the index at this moment, unrefreshed changes included.
   *
   * @returns undefined where the index has none
   * @throws SyncError `INDEX_UNAVAILABLE` when the engine did not answer (retryable)
   */
  read(id: string): Promise<bigint | undefined>;
}
