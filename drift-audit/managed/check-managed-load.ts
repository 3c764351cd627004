import { compactAll } from "../../core/compact-segments.ts";
import { SyncError } from "../../core/errors.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { ManagedGeneration, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { manifestOf } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";
import { checkRowsLoad } from "./check-rows-load.ts";
import { ingestSent } from "./ingest-sent.ts";
import { countSent, LONGEST_QUIET_MILLIS, type ManagedLoad, noteQuiet } from "./managed-load.ts";

/**
 * Whether a managed pipeline has loaded its export: it begins with its stream only then, so it has once as many
 * documents were sent as the export has items, or nothing has come out of it for {@link LONGEST_QUIET_MILLIS}.
 *
 * Costs a read of the whole manifest, so only when nothing more comes out of the pipeline.
 */
export async function checkManagedLoad(
  deps: AuditDeps,
  { table, generation: name }: StepOf<"check-managed-load">,
  deadline: number,
): Promise<ManagedLoad> {
  const generation = requireManaged(table, name);
  const prefix = stateLayout.managedExport(table.table, name, generation.indexUuid);
  const { exports, database } = deps.accessTo(table);
  const mayGoOn = () => deps.now() < deadline;
  if (database !== undefined)
    return checkRowsLoad(deps, { table, generation, database, exportArn: prefix }, mayGoOn);
  const found = await exports.find(prefix);
  if (found === undefined) return { state: "running" };
  const state = await exports.check(found.exportArn, mayGoOn);
  if (state.state === "failed")
    return { state: "failed", cause: `the pipeline's export failed: ${state.cause}` };
  const { done, objects } = await ingestSent(deps, generation, mayGoOn);
  const place = manifestOf(deps, { table, generation });
  // While the export runs nothing can come out: that is no silence.
  const isBusy = state.state === "running" || !done || objects > 0;
  const quietMillis = await noteQuiet(deps, place, isBusy);
  if (isBusy) return { state: "running" };
  if (!(await compactAll(place, mayGoOn))) return { state: "running" };
  if (quietMillis < LONGEST_QUIET_MILLIS && (await countSent(place)) < (state.items ?? 0))
    return { state: "running" };
  return { state: "done", exportArn: found.exportArn, exportTime: new Date(found.exportTime).toISOString() };
}

function requireManaged(table: TableDescriptor, name: string): ManagedGeneration {
  const found = table.generations.find(({ generation }) => generation === name);
  if (found?.mode === "managed") return found;
  throw new SyncError("GENERATION_UNKNOWN", "the table has no such managed generation", {
    subject: `${name} of ${table.table}`,
    fix: "deploy workflow and function from one release",
    retryable: false,
  });
}
