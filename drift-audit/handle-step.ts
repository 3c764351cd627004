import type { AuditDeps } from "./audit-deps.ts";
import { checkIncrementalLoad } from "./check-incremental-load.ts";
import { checkManagedLoad } from "./managed/check-managed-load.ts";
import type { StepEvent } from "./step-event.ts";
import { checkCounts } from "./steps/check-counts.ts";
import { compareBucket, foldManifest } from "./steps/compare.ts";
import {
  checkExport,
  checkLoadExport,
  listFiles,
  listLoadFiles,
  startExport,
  startLoadExport,
} from "./steps/export.ts";
import { fingerprintFile, gatherFingerprints } from "./steps/fingerprint.ts";
import { checkHorizon } from "./steps/horizon.ts";
import { listShard, observeIndex } from "./steps/index.ts";
import { judgeFindings } from "./steps/judge.ts";
import { maintain } from "./steps/maintain.ts";
import { planAudit } from "./steps/plan.ts";
import { recheckRepairs, requestRepair } from "./steps/repair.ts";
import { reportFailure, reportRun } from "./steps/report.ts";

/**
 * Carries out one step. Every step may be repeated: it reads what earlier steps left in the run's folder and
 * overwrites what it left itself.
 *
 * @param deadline - epoch milliseconds; steps that can go on later stop before it and answer `more`
 */
export function handleStep(deps: AuditDeps, event: StepEvent, deadline: number): Promise<object> {
  switch (event.step) {
    case "plan":
      return planAudit(deps, event);
    case "start-export":
      return startExport(deps, event);
    case "observe-index":
      return observeIndex(deps, event, deadline);
    case "list-shard":
      return listShard(deps, event, deadline);
    case "check-export":
      return checkExport(deps, event, deadline);
    case "check-horizon":
      return checkHorizon(deps, event, deadline);
    case "list-files":
      return listFiles(deps, event);
    case "fingerprint":
      return fingerprintFile(deps, event);
    case "gather":
      return gatherFingerprints(deps, event);
    case "fold":
      return foldManifest(deps, event, deadline);
    case "compare":
      return compareBucket(deps, event);
    case "check-counts":
      return checkCounts(deps, event);
    case "judge":
      return judgeFindings(deps, event);
    case "repair":
      return requestRepair(deps, event);
    case "recheck":
      return recheckRepairs(deps, event, deadline);
    case "maintain":
      return maintain(deps, event, deadline);
    case "report":
      return reportRun(deps, event);
    case "audit-failed":
      return reportFailure(deps, event);
    case "start-load-export":
      return startLoadExport(deps, event);
    case "check-load-export":
      return checkLoadExport(deps, event, deadline);
    case "list-load-files":
      return listLoadFiles(deps, event);
    case "check-managed-load":
      return checkManagedLoad(deps, event, deadline);
    case "check-incremental-load":
      return checkIncrementalLoad(deps, event);
  }
}
