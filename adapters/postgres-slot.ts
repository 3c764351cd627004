import type { ConnectorState } from "../core/log-horizon.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";

const READ_SLOT = `select active, wal_status, confirmed_flush_lsn - '0/0'::pg_lsn
from pg_replication_slots where slot_name = $1`;

/**
 * Tells by its replication slot how far a connector is.
 *
 * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable)
 * @see https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export async function readSlot(
  { query }: Pick<SqlSession, "query">,
  slotName: string,
): Promise<ConnectorState> {
  const [slot] = await query(READ_SLOT, [slotName]);
  if (slot === undefined) return { kind: "lost", cause: `replication slot ${slotName} is gone` };
  const [active, walStatus, confirmed = null] = slot;
  if (walStatus === "lost" || confirmed === null)
    return { kind: "lost", cause: `replication slot ${slotName} lost its WAL` };
  return active === "t" ? { kind: "reading", confirmedLsn: BigInt(confirmed) } : { kind: "standing" };
}
