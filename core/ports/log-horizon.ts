import type { ConnectorState, LogPartition } from "../log-horizon.ts";

/** The log of a database in Kafka, as an audit looks at it. LSNs are PostgreSQL's, as numbers. */
export interface LogHorizon {
  readonly kind: "log";

  /**
   * Writes a watermark into the database.
   *
   * @returns its LSN: every change that was committed before the call lies below it
   * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable)
   */
  mark(): Promise<bigint>;

  /** How far the connector has brought changes to Kafka. @throws SyncError `ENGINE_FAILED` (retryable) */
  connector(): Promise<ConnectorState>;

  /** The partitions of the table's topic as they are now. @throws SyncError `ENGINE_FAILED` (retryable) */
  partitions(): Promise<readonly LogPartition[]>;
}
