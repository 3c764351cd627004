import type { AttributeValue } from "../core/attribute-value.ts";
import { toPlainRecord } from "../core/document.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import type { TransformServices } from "../core/transform.ts";
import { readRows } from "./postgres-rows.ts";

/** Lets transforms read rows of other tables of the source's database by key. */
export function makePostgresLookup(session: Pick<SqlSession, "query">): TransformServices["lookup"] {
  return async (tableName, keys) => {
    const records = await readRows(
      session,
      tableName,
      keys.map((key) =>
        Object.fromEntries(Object.entries(key).map(([name, value]) => [name, toValue(value)])),
      ),
    );
    return records.map((record) => (record === undefined ? undefined : toPlainRecord(record)));
  };
}

function toValue(value: string | number | bigint): AttributeValue {
  return typeof value === "string" ? { S: value } : { N: String(value) };
}
