import type { AuditPlan } from "../core/audit-plan.ts";
import { compactAll } from "../core/compact-segments.ts";
import type { AuditDeps } from "./audit-deps.ts";
import { type AuditRun, manifestOf } from "./audit-run.ts";
import { ingestRefused } from "./managed/ingest-refused.ts";
import { ingestUnsettled } from "./managed/unsettled.ts";

/**
 * Folds into the manifest whatever was written up to the call: segments, and before them what a managed pipeline sent
 * and what of that was refused.
 *
 * @param mayGoOn - asked between passes; false ends it early
 * @returns whether it was finished
 */
export async function foldWritten(
  deps: AuditDeps,
  folder: AuditRun,
  plan: AuditPlan,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const place = manifestOf(deps, plan);
  if (plan.generation.mode === "managed") {
    const { done } = await ingestUnsettled(deps, folder, plan.generation, mayGoOn);
    if (!done) return false;
    if (!(await ingestRefused(deps, plan, place, mayGoOn))) return false;
  }
  return compactAll(place, mayGoOn);
}
