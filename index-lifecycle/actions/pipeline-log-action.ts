import type { z } from "zod";
import { SyncError } from "../../core/errors.ts";
import type { DatabaseAdmin } from "../../core/ports/database-admin.ts";
import { requireLog, requireManagedTable } from "../../core/require-log.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { pipelineLogSpecSchema } from "../source-spec.ts";
import { withDatabase } from "../with-database.ts";

type PipelineLogSpec = z.infer<typeof pipelineLogSpecSchema>;
type PipelineLogDeps = Pick<LifecycleDeps, "sourceAs" | "pause">;

/** How often and how long a slot is waited for whose pipeline has just gone. */
const TRIES = 20;
const PAUSE_MILLIS = 3_000;
/** From this try on its reader is ended: its pipeline is gone, and what reads is what was left of it. */
const END_READER_FROM = 6;

/**
 * The slot and the publication of one managed pipeline. The pipeline makes them, and never drops them: a slot that nobody
 * reads makes the database keep its log until its disk is full.
 *
 * Made, it looks only whether the pipeline will be able to make them. It goes after its pipeline, and takes them with it.
 */
export function makePipelineLogAction(deps: PipelineLogDeps): CustomResourceAction {
  const look = (spec: PipelineLogSpec) =>
    withDatabase(deps, spec, (database) => requireReadable(database, spec));
  return defineAction(pipelineLogSpecSchema, {
    identify: ({ source, prefix }) => `${source}/${prefix}`,
    create: look,
    update: look,
    delete: ({ prefix, ...place }) =>
      withDatabase(deps, place, (database) => dropLog(deps, database, prefix)),
  });
}

/** A pipeline that cannot make its slot tells so only in its own log, and stays without documents. */
async function requireReadable(
  database: DatabaseAdmin,
  { prefix, connection, tableName }: PipelineLogSpec,
): Promise<Readonly<Record<string, string>>> {
  const { slots } = await database.findPipelineLog(prefix);
  requireLog(await database.readLog(), connection, slots.length === 0);
  requireManagedTable(await database.findTable(tableName), tableName);
  return {};
}

/** The slots first: a publication is nothing that keeps the log. */
async function dropLog(deps: PipelineLogDeps, database: DatabaseAdmin, prefix: string): Promise<void> {
  const { slots, publications } = await database.findPipelineLog(prefix);
  for (const slotName of slots) await dropSlot(deps, database, slotName);
  for (const publicationName of publications) await database.dropPublication(publicationName);
}

async function dropSlot(
  { pause }: PipelineLogDeps,
  database: DatabaseAdmin,
  slotName: string,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if ((await database.dropSlot(slotName)) === "gone") return;
    if (attempt >= END_READER_FROM) await database.endReader(slotName);
    await pause(PAUSE_MILLIS);
  }
  throw new SyncError("ENGINE_FAILED", "the replication slot of a pipeline that is gone is still read", {
    subject: slotName,
    fix: "see what reads it in pg_stat_replication and end that, then deploy again",
    retryable: true,
  });
}
