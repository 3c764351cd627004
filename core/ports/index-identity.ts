export interface IndexIdentity {
  /**
   * Makes sure that the write alias still leads to the index this generation was made with.
   *
   * Positions and manifest are kept under the index's uuid: writing on into another index of the same name
   * would make both tell lies.
   *
   * @throws SyncError `INDEX_REPLACED` when the uuid is another one (retryable, so that the stream is kept
   * until a new revision takes over)
   * @throws SyncError `INDEX_UNAVAILABLE` when it cannot be told now (retryable)
   */
  verify(): Promise<void>;
}
