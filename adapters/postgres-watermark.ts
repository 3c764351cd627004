import type { SqlSession } from "../core/ports/sql-session.ts";
import { OWN_SCHEMA } from "../core/source-descriptor.ts";
import { quoteName } from "../core/sql/names.ts";

const WRITE = `insert into ${quoteName(OWN_SCHEMA)}.watermark (id, written_at) values ($1, now())
on conflict (id) do update set written_at = excluded.written_at`;
/** A position in the log as a number, as change events carry it. */
const READ_POSITION = "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn";

/**
 * Puts a mark into the database's log: a row of a published table, so that a change event tells of it.
 *
 * The position is read in the mark's own transaction. Every transaction that ends after the mark's has a version
 * (`sequence[0]`) above it, however long before it began; every one whose end was logged before it is seen by
 * whatever is read a second later.
 *
 * @param id - the same one is overwritten: give each kind of reader its own, so that marks do not pile up
 * @returns the position L
 * @throws SyncError `ENGINE_FAILED` (retryable), `QUERY_REFUSED` when the table is not there (not retryable)
 */
export async function writeWatermark(session: Pick<SqlSession, "transaction">, id: string): Promise<bigint> {
  return session.transaction(async (query) => {
    await query(WRITE, [id]);
    const [[position] = []] = await query(READ_POSITION);
    return BigInt(position ?? 0);
  });
}
