import type { AuditPlan } from "../core/audit-plan.ts";
import { markGap } from "../core/generation.ts";
import type { AuditDeps } from "./audit-deps.ts";

/** Notes that nothing found can be trusted to be complete, once, and tells people. The first cause stays. */
export async function recordGap(deps: AuditDeps, plan: AuditPlan, cause: string): Promise<void> {
  const { table, generation } = plan;
  let isNew = false;
  await deps.control.update(table.table, (control) => {
    const marked = markGap(control, generation.generation, cause, deps.now());
    isNew = marked !== control;
    return marked;
  });
  if (!isNew) return;
  const detail = { table: table.table, generation: generation.generation, cause };
  await deps.announcer.announce({
    subject: `STREAM_GAP: ${table.table} needs an approved full audit`,
    detail,
  });
}
