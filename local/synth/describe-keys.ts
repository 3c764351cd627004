import { makePostgresAdmin } from "../../adapters/postgres-admin.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { keyAttributes } from "../../core/attribute-value.ts";
import { requireTable } from "../../core/require-log.ts";
import { writeTableKey } from "../../core/table-key-text.ts";
import type { FindKey } from "./lookups.ts";

/**
 * Reads the keys of tables where they are, before index-lifecycle answers them.
 *
 * @param server - a connection URL of the database server
 */
export function describeKeys(server: string): FindKey {
  const { hostname, port, username, password } = new URL(server);
  const user = { username, password };
  return async (tableName, database) => {
    const place = { engine: "postgresql", host: hostname, port: Number(port), database, tls: "off" } as const;
    const session = makePostgres({ ...place, secretArn: "" }, async () => user);
    try {
      const facts = await makePostgresAdmin(session).findTable(tableName);
      return writeTableKey(keyAttributes(requireTable(facts, tableName, true).key()));
    } finally {
      await session.end();
    }
  };
}
