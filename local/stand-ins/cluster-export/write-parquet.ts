import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import type { ExportedColumn, ExportedTable } from "./exported-table.ts";

/**
 * What is not stored as text.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.data-types.html#USER_ExportSnapshot.data-types.PostgreSQL
 */
const STORED: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "float",
  float8: "double",
  bool: "boolean",
};

/** Writes a table's rows as one Parquet file, by DuckDB: it shares no code with what reads it. */
export async function writeParquet({
  columns,
  rows,
}: Pick<ExportedTable, "columns" | "rows">): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-parquet-"));
  const connection = await DuckDBConnection.create();
  try {
    await connection.run(
      `create table staged (${columns.map((_, place) => `c${place} varchar`).join(", ")})`,
    );
    const appender = await connection.createAppender("staged");
    for (const row of rows) {
      for (const text of row) text === null ? appender.appendNull() : appender.appendVarchar(text);
      appender.endRow();
    }
    appender.closeSync();
    const file = join(folder, "part.parquet");
    const selected = columns.map(toStored).join(", ");
    await connection.run(
      `copy (select ${selected} from staged) to '${file}' (format parquet, compression gzip)`,
    );
    return await readFile(file);
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

function toStored({ name, type }: ExportedColumn, place: number): string {
  const alias = `as "${name.replaceAll('"', '""')}"`;
  if (type === "bytea") return `from_hex(substr(c${place}, 3)) ${alias}`;
  const stored = STORED[type];
  return stored === undefined ? `c${place} ${alias}` : `cast(c${place} as ${stored}) ${alias}`;
}
