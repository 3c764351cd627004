import { randomUUID } from "node:crypto";
import type { BodySource } from "./body/parse-body.ts";
import { invalid } from "./body/parse-body.ts";
import type { PipelineDeps } from "./pipeline-deps.ts";
import { findTables, makeDatabaseClient, type SourceTableOfDatabase } from "./rds/database.ts";
import type { RdsSource } from "./rds/rds-schema.ts";
import { beginRdsSource, type RdsState } from "./rds/rds-state.ts";
import { beginSource, type SourceState } from "./source/source-state.ts";
import { findSourceTable, type SourceTable } from "./source/source-table.ts";

/** What is known of a pipeline's source, and outlives a change of its body. */
export type SourceMemory =
  | { readonly kind: "dynamodb"; readonly table: SourceTable; readonly state: SourceState }
  | {
      readonly kind: "rds";
      /** Another one is begun with anew. */
      readonly reads: string;
      readonly url: string;
      readonly tables: readonly SourceTableOfDatabase[];
      readonly state: RdsState;
    };

/**
 * Looks a source up. What is known of the same one stays.
 *
 * @throws SyncError `CONFIGURATION_INVALID` when it is not as the pipeline needs it (not retryable)
 */
export async function findSource(
  name: string,
  source: BodySource,
  former: SourceMemory | undefined,
  deps: PipelineDeps,
): Promise<SourceMemory> {
  if (source.kind === "rds") return findDatabase(name, source.options, former, deps);
  const [options] = source.options.tables;
  if (options === undefined) throw new RangeError("the schema lets only sources with a table through");
  const table = await findSourceTable(deps.emulator, name, options);
  const isSame = former?.kind === "dynamodb" && former.table.arn === table.arn;
  return { kind: "dynamodb", table, state: isSame ? former.state : beginSource(deps.now()) };
}

async function findDatabase(
  name: string,
  options: RdsSource,
  former: SourceMemory | undefined,
  deps: PipelineDeps,
): Promise<SourceMemory> {
  const place = deps.databaseUrl();
  if (place === undefined) throw invalid(name, "this machine runs no database");
  const url = new URL(place);
  url.pathname = `/${options.database}`;
  const client = makeDatabaseClient(url.href);
  await client.connect();
  try {
    const tables = await findTables(client, name, options);
    const reads = JSON.stringify([options.db_identifier, options.database, options.tables.include]);
    const isSame = former?.kind === "rds" && former.reads === reads;
    const state = isSame ? former.state : beginAnew(name, deps);
    return { kind: "rds", reads, url: url.href, tables, state };
  } finally {
    await client.end();
  }
}

/** What a source knows when a pipeline was stopped and started: nothing. */
export function forgetSource(
  name: string,
  source: SourceMemory,
  deps: PipelineDeps,
  forgets: boolean,
): SourceMemory {
  return source.kind === "dynamodb"
    ? { ...source, state: beginSource(deps.now(), forgets) }
    : { ...source, state: beginAnew(name, deps) };
}

function beginAnew(name: string, { now }: PipelineDeps): RdsState {
  return beginRdsSource(now(), name, randomUUID().slice(0, 8));
}
