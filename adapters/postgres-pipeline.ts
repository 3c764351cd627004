import { logNamesPrefix, nameRdsPipeline } from "../core/ingestion/rds-body.ts";
import type { ConnectorState } from "../core/log-horizon.ts";
import type { ManagedDatabase } from "../core/ports/managed-database.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import { quoteTable } from "../core/sql/names.ts";

/** A pipeline that was stopped and started again reads another slot than before; the one that is read is its. */
const READ_SLOTS = `select active, wal_status, confirmed_flush_lsn - '0/0'::pg_lsn
from pg_replication_slots where database = current_database() and starts_with(slot_name, $1)
order by active desc, confirmed_flush_lsn desc nulls last limit 1`;

const READ_END = "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn";

/**
 * Asks a PostgreSQL what its managed pipelines tell nobody: whether they read its log, and how far.
 *
 * @see https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export function makePostgresPipeline(
  { query }: Pick<SqlSession, "query">,
  tableName: string,
): ManagedDatabase {
  return {
    holdsMoreThan: async (count) => {
      const statement = `select from ${quoteTable(tableName)} offset ${Math.max(0, Math.floor(count))} limit 1`;
      return (await query(statement)).length > 0;
    },
    readLogEnd: async () => {
      const [[end] = []] = await query(READ_END);
      return BigInt(end ?? 0);
    },
    readerState: async (pipelineName) => {
      const [slot] = await query(READ_SLOTS, [logNamesPrefix(nameRdsPipeline(pipelineName))]);
      return toState(slot);
    },
  };
}

function toState(slot: readonly (string | null)[] | undefined): ConnectorState {
  if (slot === undefined) return { kind: "standing" };
  const [active, walStatus, confirmed = null] = slot;
  if (walStatus === "lost" || confirmed === null)
    return { kind: "lost", cause: "the pipeline's replication slot lost its WAL" };
  return active === "t" ? { kind: "reading", confirmedLsn: BigInt(confirmed) } : { kind: "standing" };
}
