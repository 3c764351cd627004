import type { ConnectorState } from "../log-horizon.ts";

/**
 * What a database knows of the managed pipelines of one of its tables.
 *
 * Every method throws SyncError `ENGINE_FAILED` when the database did not answer (retryable).
 */
export interface ManagedDatabase {
  /** Whether the table holds more records than so many; costs a read of so many keys. */
  holdsMoreThan(count: number): Promise<boolean>;

  /** Where the log ends now: what was committed lies below. */
  readLogEnd(): Promise<bigint>;

  /**
   * How far a pipeline has read the log; what it has read may still be on its way to the index.
   *
   * @returns `standing` too where it has not begun
   */
  readerState(pipelineName: string): Promise<ConnectorState>;
}
