import pg from "pg";
import { invalid } from "../body/parse-body.ts";
import type { RdsSource } from "./rds-schema.ts";

/** One table of a pipeline's database. */
export interface SourceTableOfDatabase {
  readonly schema: string;
  readonly table: string;
  readonly keyNames: readonly string[];
  readonly columns: readonly { readonly name: string; readonly typeName: string }[];
}

const COLUMNS = `
  SELECT attname AS name, typname AS "typeName" FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;
const KEY = `
  SELECT attname AS name FROM pg_index, unnest(indkey) WITH ORDINALITY AS part(number, place)
  JOIN pg_attribute ON attnum = part.number
  WHERE indrelid = $1::regclass AND indisprimary AND attrelid = indrelid ORDER BY part.place`;

/** A session in which values have the texts that Data Prepper reads; each asked for as text. */
export function makeDatabaseClient(url: string, replication = false): pg.Client {
  return new pg.Client({
    connectionString: url,
    options: "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601",
    types: { getTypeParser: () => (value: string) => value },
    ...(replication ? { replication: "database" } : {}),
  });
}

/**
 * Looks the tables of a source up.
 *
 * @throws SyncError `CONFIGURATION_INVALID` where a table or its primary key is not there (not retryable)
 */
export async function findTables(
  client: pg.Client,
  pipeline: string,
  { tables }: Pick<RdsSource, "tables">,
): Promise<readonly SourceTableOfDatabase[]> {
  const found: SourceTableOfDatabase[] = [];
  for (const name of tables.include) {
    const [schema = "", table = ""] = name.split(".");
    const exists = await client.query("SELECT to_regclass($1) AS found", [name]);
    if (exists.rows[0]?.found === null) throw invalid(pipeline, `there is no table ${name}`);
    const columns = (await client.query(COLUMNS, [name])).rows;
    const keyNames = (await client.query<{ name: string }>(KEY, [name])).rows.map((key) => key.name);
    if (keyNames.length === 0) throw invalid(pipeline, `${name} has no primary key`);
    found.push({ schema, table, keyNames, columns });
  }
  return found;
}
