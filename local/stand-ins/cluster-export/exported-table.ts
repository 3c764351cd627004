import { Client } from "pg";

/** A table as an export of its cluster takes it. */
export interface ExportedTable {
  readonly database: string;
  /** `schema.table`. */
  readonly name: string;
  readonly columns: readonly ExportedColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface ExportedColumn {
  readonly name: string;
  /** `pg_type.typname`. */
  readonly type: string;
}

const LIST_COLUMNS = `
select n.nspname || '.' || c.relname, a.attname, t.typname
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  and n.nspname not in ('pg_catalog', 'information_schema')
order by 1, a.attnum`;

/** Object identifiers are not exported. */
const LEFT_OUT = new Set(["oid", "regclass", "regtype", "regproc"]);

/**
 * Reads tables of one database as of one moment, every value as text in a session that asked for nothing.
 *
 * @param url - a connection URL of the database
 * @param isWanted - by `schema.table`
 */
export async function readExportedTables(
  url: string,
  isWanted: (name: string) => boolean,
): Promise<readonly ExportedTable[]> {
  const client = new Client({
    connectionString: url,
    types: { getTypeParser: () => (text: unknown) => text },
  });
  await client.connect();
  try {
    await client.query("set time zone 'UTC'; begin isolation level repeatable read read only");
    const listed = await client.query<[string, string, string]>({ text: LIST_COLUMNS, rowMode: "array" });
    const byTable = Map.groupBy(listed.rows, ([name]) => name);
    const tables: ExportedTable[] = [];
    for (const [name, all] of byTable) {
      if (!isWanted(name)) continue;
      const columns = all
        .map(([, column, type]) => ({ name: column, type }))
        .filter(({ type }) => !LEFT_OUT.has(type));
      const [schema = "", ...rest] = name.split(".");
      const selected = columns.map((column) => client.escapeIdentifier(column.name)).join(", ");
      const from = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(rest.join("."))}`;
      const text = `select ${selected} from ${from}`;
      const { rows } = await client.query<(string | null)[]>({ text, rowMode: "array" });
      tables.push({ database: client.database ?? "", name, columns, rows });
    }
    return tables;
  } finally {
    await client.end();
  }
}
