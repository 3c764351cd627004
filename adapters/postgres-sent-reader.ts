import { versionOfReread } from "../core/external-version.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import { readRows } from "./postgres-rows.ts";

export interface PostgresSentReaderOptions {
  /** `schema.table` */
  readonly tableName: string;
  readonly now: Clock;
}

/** The clock that commits are dated by. */
const READ_CLOCK = "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint";

/**
 * Reads a table's rows again for a generation that a managed pipeline writes: as Data Prepper sends them, on the writer, at
 * a version of the database's clock, which is what a pipeline's changes are ordered by.
 *
 * A change that the read did not see has a higher version, unless its commit took longer than the margin from its date to
 * being visible: then the next audit finds the document stale, and has it read again.
 */
export function makePostgresSentReader(
  session: Pick<SqlSession, "query">,
  { tableName, now }: PostgresSentReaderOptions,
): SourceReader {
  return {
    read: async (keys) => {
      const readAt = now();
      const [[time = null] = []] = await session.query(READ_CLOCK);
      const version = versionOfReread(Number(time));
      return { version, readAt, records: await readRows(session, tableName, keys, "sent") };
    },
  };
}
