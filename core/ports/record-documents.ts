import type { ExternalVersion } from "../external-version.ts";

/** A document the manifest knows of a record. */
export interface KnownDocument {
  readonly id: string;
  readonly version: ExternalVersion;
  /** Whether it is live, not a tombstone. */
  readonly live: boolean;
}

export interface RecordDocuments {
  /**
   * Every document the manifest has ever acknowledged for each of these records, in their order, with its last version.
   *
   * Costs a read of the segments that are not folded yet, and of one bucket a record; for re-reads, never for change events.
   *
   * @throws SyncError `ENGINE_FAILED` when the manifest cannot be read (retryable)
   */
  list(recordIds: readonly string[]): Promise<readonly (readonly KnownDocument[])[]>;
}
