import type { ConnectorState } from "../core/log-horizon.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import { type SlotLook, slotFaults } from "../core/slot-look.ts";

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
  if (slot === undefined) return { kind: "lost", cause: slotFaults.gone(slotName) };
  const [active, walStatus, confirmed = null] = slot;
  if (walStatus === "lost" || confirmed === null)
    return { kind: "lost", cause: slotFaults.lostLog(slotName) };
  return active === "t" ? { kind: "reading", confirmedLsn: BigInt(confirmed) } : { kind: "standing" };
}

const LOOK = `select active, coalesce(wal_status, 'lost'),
  greatest(pg_current_wal_lsn() - restart_lsn, 0)::bigint,
  greatest(pg_current_wal_lsn() - confirmed_flush_lsn, 0)::bigint
from pg_replication_slots where slot_name = $1`;

/**
 * Tells how much of its log a server keeps for a slot, and whether it still may.
 *
 * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable), `QUERY_REFUSED` of a standby (not retryable)
 */
export async function lookAtSlot({ query }: Pick<SqlSession, "query">, slotName: string): Promise<SlotLook> {
  const [slot] = await query(LOOK, [slotName]);
  if (slot === undefined) return { kind: "gone" };
  const [active, walStatus, retained, unconfirmed] = slot;
  return {
    kind: "there",
    active: active === "t",
    walStatus: toWalStatus(walStatus),
    retainedBytes: Number(retained ?? 0),
    unconfirmedBytes: Number(unconfirmed ?? 0),
  };
}

/** A word that a later server may have is no loss; that nothing is told is one. */
function toWalStatus(text: string | null | undefined): Extract<SlotLook, { kind: "there" }>["walStatus"] {
  if (text === "lost" || text === "unreserved" || text === "extended") return text;
  return "reserved";
}
