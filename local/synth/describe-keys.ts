import { readColumns } from "../../adapters/postgres-columns.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { keyAttributes } from "../../core/attribute-value.ts";
import { SyncError } from "../../core/errors.ts";
import { tableKeyOf } from "../../core/sql/sql-column.ts";
import { writeTableKey } from "../../core/table-key-text.ts";
import type { FindKey } from "./lookups.ts";

/**
 * Looks the keys of existing SQL tables up where they are: in the databases of this machine's server.
 *
 * @param url - of the server, with its user
 */
export function describeKeys(url: string, databases: readonly string[]): FindKey {
  const { hostname: host, port, username, password } = new URL(url);
  const place = { engine: "postgresql", host, port: Number(port), secretArn: "", tls: "off" } as const;
  return async (tableName) => {
    for (const database of databases) {
      const session = makePostgres({ ...place, database }, async () => ({ username, password }));
      try {
        const columns = await readColumns(session, tableName);
        if (columns.length > 0) return writeTableKey(keyAttributes(tableKeyOf(columns, tableName)));
      } catch (cause) {
        if (!(cause instanceof SyncError && cause.code === "PREREQUISITE_MISSING")) throw cause;
      } finally {
        await session.end();
      }
    }
    throw unknownTable(tableName);
  };
}

function unknownTable(tableName: string): SyncError {
  return new SyncError("TABLE_UNKNOWN", "the source table does not exist", {
    subject: tableName,
    fix: "create it in a database that a source names",
    retryable: false,
  });
}
