import type { SqlColumn } from "../sql/sql-column.ts";

export interface TableColumns {
  /**
   * The columns of a table; those of its key first.
   *
   * They are remembered. @param missing - a column that was met and may be newer than what is remembered
   * @throws SyncError `PREREQUISITE_MISSING` when there is no such table (not retryable)
   * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable)
   */
  read(tableName: string, missing?: string): Promise<readonly SqlColumn[]>;

  /**
   * Whether the log holds the whole row before a change: `REPLICA IDENTITY FULL`, of every partition where the table has
   * some. Remembered with the columns.
   */
  tellsOldRows(tableName: string): Promise<boolean>;
}
