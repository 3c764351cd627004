import type { AuditExport, AuditedIndex, AuditPlan } from "../../core/audit-plan.ts";
import { type AuditReport, driftKinds } from "../../core/audit-report.ts";
import { changeGeneration } from "../../core/generation.ts";
import type { ExportState } from "../../core/ports/table-export.ts";
import { databaseReadCost, exportCost } from "../../core/prices.ts";
import type { AuditMark, GenerationControl } from "../../core/table-control.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import { settledUntil } from "../managed/unsettled.ts";
import type { StepOf } from "../step-event.ts";
import type { Verdict } from "./judge.ts";
import type { RepairState } from "./repair.ts";

const LONGEST_TREND = 50;
const MAXIMUM_IDS = 1_000;

/** Ends a run: report for machine and person, metrics, a message when something is wrong, marks for the next. */
export async function reportRun(
  deps: AuditDeps,
  { table, run }: StepOf<"report">,
): Promise<{ readonly rest: readonly string[]; readonly more: boolean }> {
  const folder = new AuditRun(deps.store, table, run);
  const plan = await folder.plan();
  const report = (await folder.find<AuditReport>("report.json")) ?? (await makeReport(deps, folder, plan));
  await folder.write("report.json", report);
  await deps.store.writeText(folder.key("report.html"), deps.drawReport(report));
  await leaveMarks(deps, folder, plan, report);
  deps.measure(report);
  await announce(deps, plan, report);
  return { rest: plan.rest, more: plan.rest.length > 0 };
}

async function makeReport(deps: AuditDeps, folder: AuditRun, plan: AuditPlan): Promise<AuditReport> {
  const found =
    plan.approved === undefined ? folder : new AuditRun(deps.store, plan.table.table, plan.approved);
  const [verdict, { exportTime }, done, repair] = await Promise.all([
    found.read<Verdict>("verdict.json"),
    found.read<AuditExport>("export.json"),
    found.find<Extract<ExportState, { state: "done" }>>("export-done.json"),
    folder.find<RepairState>("repair.json"),
  ]);
  const { run, table, generation, kind, startedAt, approved } = plan;
  const finishedAt = new Date(deps.now()).toISOString();
  const seconds = Math.round((deps.now() - startedAt) / 1000);
  const drift = driftKinds.reduce((sum, kindOf) => sum + verdict.drift[kindOf].count, 0);
  const billedBytes = approved === undefined ? (done?.billedBytes ?? 0) : 0;
  const unrepairable = repair?.unrepairable ?? [];
  const repaired = repair?.repaired ?? 0;
  const remaining = drift - repaired;
  const breaker =
    approved === undefined ? verdict.breaker : { ...verdict.breaker, state: "approved" as const };
  const trend = [...(await readTrend(deps, plan)), { run, finishedAt, drift, remaining, seconds }];
  return {
    table: table.table,
    generation: generation.generation,
    index: generation.index,
    run,
    kind,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt,
    exportTime: new Date(exportTime).toISOString(),
    ...verdict,
    repaired,
    unrepairable: { count: unrepairable.length, ids: unrepairable.slice(0, MAXIMUM_IDS) },
    remaining,
    breaker,
    seconds,
    cost:
      table.source.kind === "sql"
        ? databaseReadCost(table.source.snapshot.kind, billedBytes)
        : exportCost(kind, billedBytes),
    trend: trend.slice(-LONGEST_TREND),
  };
}

/** Each report carries those before it, so that a trend costs one read. */
async function readTrend(
  { store, control }: AuditDeps,
  { table, generation }: AuditPlan,
): Promise<AuditReport["trend"]> {
  const known = (await control.read(table.table)).generations[generation.generation];
  if (known?.lastAudit === undefined) return [];
  const last = await new AuditRun(store, table.table, known.lastAudit.run).find<AuditReport>("report.json");
  return last?.trend ?? [];
}

async function leaveMarks(
  deps: AuditDeps,
  folder: AuditRun,
  plan: AuditPlan,
  report: AuditReport,
): Promise<void> {
  const { table, generation, approved } = plan;
  const seen = approved === undefined ? folder : new AuditRun(deps.store, table.table, approved);
  const index = await seen.find<AuditedIndex>("index.json");
  const shards = (index?.shards ?? []).map(({ shard, checkpoint, historyUuid }) => ({
    shard,
    seqNo: checkpoint,
    historyUuid,
  }));
  const { run, kind, exportTime, finishedAt } = report;
  const fullExportTime =
    kind === "full" ? exportTime : (plan.former?.fullExportTime ?? plan.former?.exportTime ?? exportTime);
  const { transformHash } = generation;
  const settled = generation.mode === "managed" ? { settledUntil: await settledUntil(deps, seen) } : {};
  const marked = { run, kind, exportTime, finishedAt, transformHash, fullExportTime, shards };
  const mark: AuditMark = { ...marked, ...settled };
  await deps.control.update(table.table, (control) =>
    changeGeneration(control, generation.generation, (known) => withMark(known, mark, report)),
  );
}

/** A clean audit is what the gate and the next audit build on; an approved full one heals a gap as well. */
function withMark(known: GenerationControl, mark: AuditMark, report: AuditReport): GenerationControl {
  if (!isClean(report)) return { ...known, lastAudit: mark };
  const { gap, ...rest } = known;
  const healed = report.breaker.state === "approved" && report.kind === "full";
  return { ...rest, ...(gap === undefined || healed ? {} : { gap }), lastAudit: mark, lastCleanAudit: mark };
}

/** Nothing differs any more, and nothing was held back. */
function isClean({ remaining, unrepairable, breaker }: AuditReport): boolean {
  return remaining === 0 && unrepairable.count === 0 && breaker.state !== "open";
}

async function announce({ announcer }: AuditDeps, { table }: AuditPlan, report: AuditReport): Promise<void> {
  const { breaker, drift, repaired, remaining, run, generation } = report;
  const found = driftKinds.reduce((sum, kind) => sum + drift[kind].count, 0);
  if (found === 0 && breaker.state !== "open") return;
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, drift[kind].count]));
  const subject =
    breaker.state === "open"
      ? `${table.table}: repair waits for approval`
      : `${table.table}: ${found} documents drifted, ${remaining} remain`;
  const next = breaker.state === "open" ? `trueup audit approve ${table.table} ${run}` : "nothing";
  const detail = { table: table.table, generation, run, ...counts, repaired, remaining, next };
  await announcer.announce({ subject, detail: { ...detail, breaker: breaker.reason ?? breaker.state } });
}

/** Tells people that an audit could not be finished; nothing was marked, so the next one looks at the same. */
export async function reportFailure(
  { announcer }: AuditDeps,
  event: StepOf<"audit-failed">,
): Promise<object> {
  const { table, execution, cause } = event;
  const detail = { table, execution, cause: cause.slice(0, 2_000) };
  await announcer.announce({ subject: `${table}: the audit failed`, detail });
  return {};
}
