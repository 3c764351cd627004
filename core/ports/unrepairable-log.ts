/** A document that re-reads could not bring to its record's state. */
export interface Unrepairable {
  readonly id: string;
  readonly recordId: string;
  /** The version that wins in the index and that no manifest entry has. */
  readonly winningVersion: string | undefined;
  readonly at: string;
}

export interface UnrepairableLog {
  /** Notes it under the audit run that asked. @throws SyncError `ENGINE_FAILED` (retryable) */
  write(run: string, unrepairable: Unrepairable): Promise<void>;
}
