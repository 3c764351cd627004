import type { AuditExport, AuditedIndex, AuditPlan } from "../../core/audit-plan.ts";
import { SyncError } from "../../core/errors.ts";
import { judgeHorizon } from "../../core/horizon.ts";
import type { LogVerdict } from "../../core/log-horizon.ts";
import { noteGap } from "../../core/note-gap.ts";
import type { StreamHorizon } from "../../core/ports/stream-horizon.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import { lookAtLog } from "../log-horizon.ts";
import { checkPipelineHorizon } from "../managed/pipeline-horizon.ts";
import type { StepOf } from "../step-event.ts";

/** A consumer that is this far behind is stopped; a day later the stream would have forgotten. */
const LONGEST_WAIT_MILLIS = 12 * 60 * 60 * 1000;

/**
 * Whether the consumer has dealt with everything up to the export's instant, and up to the moment the index
 * was looked at. Until then a comparison would find lag, not drift.
 *
 * @throws SyncError `STREAM_GAP` when it has not after twelve hours (not retryable)
 */
export async function checkHorizon(
  deps: AuditDeps,
  { table, run }: StepOf<"check-horizon">,
  deadline: number,
): Promise<{ readonly state: "passed" | "waiting" }> {
  const folder = new AuditRun(deps.store, table, run);
  const [plan, { exportTime, readUntil = exportTime }, index] = await Promise.all([
    folder.plan(),
    folder.read<AuditExport>("export.json"),
    folder.find<AuditedIndex>("index.json"),
  ]);
  const instant = Math.max(readUntil, index?.observedAt ?? 0);
  if (plan.generation.mode === "managed") {
    const state = await checkPipelineHorizon(
      deps,
      folder,
      { table: plan.table, generation: plan.generation },
      instant,
      () => deps.now() < deadline,
    );
    if (state === "waiting" && deps.now() > instant + LONGEST_WAIT_MILLIS)
      throw stopped(plan.generation.generation);
    return { state };
  }
  const isGapKnown = plan.gap !== undefined || (await folder.find("gap.json")) !== undefined;
  const { horizon } = deps.accessTo(plan.table);
  const verdict =
    horizon.kind === "log"
      ? await lookAtLog(deps, folder, plan, { horizon, attempt: index?.attempt ?? 1, isGapKnown })
      : await lookAtStream(deps, plan, horizon, instant, isGapKnown);
  if (verdict.kind === "gap") {
    await noteGap(deps, plan, verdict.cause);
    await folder.write("gap.json", verdict.cause);
    return { state: "waiting" };
  }
  if (verdict.kind === "waiting" && deps.now() > instant + LONGEST_WAIT_MILLIS)
    throw stopped(plan.generation.generation);
  return { state: verdict.kind };
}

async function lookAtStream(
  deps: AuditDeps,
  { generation: { generation, indexUuid } }: AuditPlan,
  horizon: StreamHorizon,
  instant: number,
  isGapKnown: boolean,
): Promise<LogVerdict> {
  const positions = await deps.positions.positions(generation, indexUuid);
  const verdict = judgeHorizon(await horizon.look(positions, instant, isGapKnown), instant);
  if (verdict.kind !== "gap") return verdict;
  return { kind: "gap", cause: `the stream no longer holds what follows on ${verdict.shards.join(", ")}` };
}

function stopped(generation: string): SyncError {
  return new SyncError("STREAM_GAP", "the consumer has not reached the audit's instant in twelve hours", {
    subject: generation,
    fix: "start the consumer's event source mapping again, or look at its dead letters and alarms",
    retryable: false,
  });
}
