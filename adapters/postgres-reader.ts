import { setTimeout as pause } from "node:timers/promises";
import { toExternalVersion } from "../core/external-version.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import { readRows } from "./postgres-rows.ts";
import { writeWatermark } from "./postgres-watermark.ts";

/** From the end of a transaction in the log until everybody sees what it did; far more than that takes. */
const VISIBLE_AFTER_MILLIS = 1_000;

export interface PostgresReaderOptions {
  /** `schema.table` */
  readonly tableName: string;
  /** Names this reader's row among the watermarks. */
  readonly watermarkId: string;
  readonly now: Clock;
  /** @default waits on the clock of the machine */
  readonly wait?: (millis: number) => Promise<unknown>;
}

/**
 * Reads a table's rows again, on the writer: first a watermark, then the rows, all at the watermark's position.
 *
 * What the read may not have seen ended after the watermark and so has a higher version. Without a watermark in the
 * log that would not hold for transactions that are open meanwhile (docs/decisions, "Re-reads of PostgreSQL").
 */
export function makePostgresReader(session: SqlSession, options: PostgresReaderOptions): SourceReader {
  const { tableName, watermarkId, now, wait = pause } = options;
  return {
    read: async (keys) => {
      const readAt = now();
      const version = toExternalVersion(await writeWatermark(session, watermarkId), "watermark position");
      await wait(VISIBLE_AFTER_MILLIS);
      return { version, readAt, records: await readRows(session, tableName, keys) };
    },
  };
}
