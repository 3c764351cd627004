import type { WatchAnswer } from "../../core/lifecycle-command.ts";
import { noteGap } from "../../core/note-gap.ts";
import { whyLost } from "../../core/slot-look.ts";
import { requireLog, requireSql } from "../../core/source-descriptor.ts";
import type { GenerationDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

/**
 * Looks how far each generation of an SQL table that our consumer writes is behind its log, and whether the log was lost: then
 * each has a gap, and people are told once.
 *
 * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable)
 */
export async function watchTable(deps: LifecycleDeps, table: TableDescriptor): Promise<WatchAnswer> {
  const { slot, lag } = deps.accessAs(table.access.lifecycleRoleArn);
  const source = requireSql(table.source);
  const { slotName } = requireLog(source);
  const generations = table.generations.filter(({ mode }) => mode === "custom");
  for (const generation of generations)
    measureLag(deps, table, generation, await lag.lagSeconds(table, generation, 0));
  const lost = whyLost(await slot(source.connection, slotName), slotName);
  if (lost === undefined) return {};
  for (const generation of generations) await recordLoss(deps, table, generation, lost);
  return { lost };
}

function measureLag(
  { measure }: LifecycleDeps,
  { table }: TableDescriptor,
  { generation }: GenerationDescriptor,
  lagSeconds: number | undefined,
): void {
  const known = lagSeconds === undefined ? [] : [lagSeconds * 1000];
  measure({ table, generation }, [
    { name: "LagUnknown", unit: "Count", values: [lagSeconds === undefined ? 1 : 0] },
    { name: "LagMillis", unit: "Milliseconds", values: known },
  ]);
}

async function recordLoss(
  deps: LifecycleDeps,
  table: TableDescriptor,
  generation: GenerationDescriptor,
  cause: string,
): Promise<void> {
  if (!(await noteGap(deps, { table, generation }, cause))) return;
  const labels = { table: table.table, generation: generation.generation };
  deps.measure(labels, [{ name: "StreamGaps", unit: "Count", values: [1] }]);
}
