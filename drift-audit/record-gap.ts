import type { AuditPlan } from "../core/audit-plan.ts";
import { changeGeneration } from "../core/generation.ts";
import type { AuditDeps } from "./audit-deps.ts";

/** Notes that nothing found can be trusted to be complete, once, and tells people. The first cause stays. */
export async function recordGap(deps: AuditDeps, plan: AuditPlan, cause: string): Promise<void> {
  const { table, generation } = plan;
  const detectedAt = new Date(deps.now()).toISOString();
  let isNew = false;
  await deps.control.update(table.table, (control) =>
    changeGeneration(control, generation.generation, (known) => {
      isNew = known.gap === undefined;
      return isNew ? { ...known, gap: { cause, detectedAt } } : known;
    }),
  );
  if (!isNew) return;
  const detail = { table: table.table, generation: generation.generation, cause };
  await deps.announcer.announce({
    subject: `STREAM_GAP: ${table.table} needs an approved full audit`,
    detail,
  });
}
