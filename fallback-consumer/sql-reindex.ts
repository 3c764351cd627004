import transform from "trueup:transform";
import { makePostgresReader } from "../adapters/postgres-reader.ts";
import { makePostgresSentReader } from "../adapters/postgres-sent-reader.ts";
import { isYoungPosition } from "../core/sql/young-winner.ts";
import { makeSqlDeps } from "./make-sql-deps.ts";
import { makeReindexHandler } from "./reindex-handler.ts";

const made = makeSqlDeps(transform, process.env);
const { settings, source, session, deps } = made;

const reader = { tableName: source.tableName, now: deps.now };
const watermarkId = `reread ${settings.environment} ${settings.table} ${settings.generation}`;

/** Lambda's entry for the reindex queue of a generation whose table is a database's. */
export const handler = makeReindexHandler(
  transform,
  made,
  settings.mode === "managed"
    ? { source: makePostgresSentReader(session, reader) }
    : { source: makePostgresReader(session, { ...reader, watermarkId }), isYoung: isYoungPosition },
);
