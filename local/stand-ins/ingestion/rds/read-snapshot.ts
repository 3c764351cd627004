import type { Client } from "pg";
import type { ConvertedRecord } from "../source/convert-record.ts";
import { convertRow } from "./convert-row.ts";
import type { SourceTableOfDatabase } from "./database.ts";
import type { RdsDeps } from "./rds-deps.ts";

const ROWS_A_PAGE = 1_000;
const EXPORT_OVERLAP_MILLIS = 300_000n;

/**
 * Reads the tables as a snapshot's export has them, without S3 and Parquet between: every row as of one moment.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/export/DataFileLoader.java` versions of an export's rows
 */
export async function* readSnapshot(
  { tables, options, now }: RdsDeps,
  client: Client,
): AsyncGenerator<readonly ConvertedRecord[]> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const time = now();
  for (const table of tables) {
    await client.query(
      `DECLARE rows CURSOR FOR SELECT ${texts(table)} FROM "${table.schema}"."${table.table}"`,
    );
    let place = 0n;
    for (;;) {
      const { rows } = await client.query<Record<string, string | null>>(`FETCH ${ROWS_A_PAGE} FROM rows`);
      if (rows.length === 0) break;
      yield rows.map((row) => {
        place += 1n;
        return convertRow(new Map(Object.entries(row)), table, {
          database: options.database,
          time,
          version: (BigInt(time) - EXPORT_OVERLAP_MILLIS) * 1000n + place,
          action: "index",
          ingestion: "EXPORT",
        });
      });
    }
    await client.query("CLOSE rows");
  }
  await client.query("COMMIT");
}

/** Every column as PostgreSQL writes it. */
function texts({ columns }: SourceTableOfDatabase): string {
  return columns.map(({ name }) => `"${name}"::text AS "${name}"`).join(", ");
}
