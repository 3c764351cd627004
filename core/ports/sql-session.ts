/** One row, every value as the database's text; null is NULL. */
export type SqlRow = readonly (string | null)[];

/**
 * Runs one statement.
 *
 * @param values - its parameters `$1`, `$2`, … as texts
 * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable)
 * @throws SyncError `QUERY_REFUSED` when it answered that it will not (not retryable)
 */
export type SqlQuery = (statement: string, values?: readonly (string | null)[]) => Promise<readonly SqlRow[]>;

/** A database, asked in sessions whose texts `core/sql/from-text.ts` reads. */
export interface SqlSession {
  readonly query: SqlQuery;

  /** Runs statements in one transaction: committed when `work` is done, rolled back when it fails. */
  transaction<Result>(work: (query: SqlQuery) => Promise<Result>): Promise<Result>;

  /** Ends its connections; the next statement makes new ones. */
  end(): Promise<void>;
}
