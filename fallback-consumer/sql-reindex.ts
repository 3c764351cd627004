import transform from "trueup:transform";
import { makePostgresReader } from "../adapters/postgres-reader.ts";
import { isYoungPosition } from "../core/sql/young-winner.ts";
import { makeSqlDeps } from "./make-sql-deps.ts";
import { makeReindexHandler } from "./reindex-handler.ts";

const made = makeSqlDeps(transform, process.env);
const { settings, source, session, deps } = made;

/** Lambda's entry for the reindex queue of a generation whose table is a database's. */
export const handler = makeReindexHandler(transform, made, {
  source: makePostgresReader(session, {
    tableName: source.tableName,
    watermarkId: `reread ${settings.environment} ${settings.table} ${settings.generation}`,
    now: deps.now,
  }),
  isYoung: isYoungPosition,
});
