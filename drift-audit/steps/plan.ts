import { type AuditPlan, chooseKind } from "../../core/audit-plan.ts";
import { SyncError } from "../../core/errors.ts";
import { requireGeneration } from "../../core/generation.ts";
import type { GenerationControl, TableControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";

/** What the workflow goes by; everything else lies in the run's folder. */
export interface PlanAnswer {
  /** `nothing`: no generation of the table has loaded. */
  readonly mode: "audit" | "approved" | "nothing";
  readonly table: string;
  readonly run: string;
  readonly pollSeconds: number;
}

/** Settles what a run does and opens its folder. Asked again for the same run, it answers the same. */
export async function planAudit(deps: AuditDeps, event: StepOf<"plan">): Promise<PlanAnswer> {
  const { table, generation, report } = event.input;
  const control = await deps.control.read(table.table);
  const [first, ...rest] =
    report?.answer.rest ?? (generation === undefined ? toAudit(table, control) : [generation]);
  const base = toRun(event.execution, table.table);
  if (first === undefined) return answer(table, base, "nothing");
  const run = report === undefined ? base : `${base}-${first}`;
  const folder = new AuditRun(deps.store, table.table, run);
  const known = await folder.find<AuditPlan>("plan.json");
  const plan = known ?? (await makePlan(deps, event, requireGeneration(control, first), run, rest));
  if (known === undefined) await open(folder, plan);
  return answer(table, run, plan.approved === undefined ? "audit" : "approved");
}

async function makePlan(
  { now, store }: AuditDeps,
  { input: { table, kind, approved } }: StepOf<"plan">,
  control: GenerationControl,
  run: string,
  rest: readonly string[],
): Promise<AuditPlan> {
  const generation = table.generations.find((known) => known.generation === control.generation);
  if (generation === undefined) throw unknown(control.generation, table.table);
  const plan = {
    run,
    table,
    generation,
    startedAt: now(),
    rest,
    ...(control.lastCleanAudit === undefined ? {} : { former: control.lastCleanAudit }),
    ...(control.gap === undefined ? {} : { gap: control.gap.cause }),
  };
  if (approved === undefined) {
    // No database tells what changed since, as DynamoDB's incremental exports do.
    const wanted = table.source.kind === "sql" ? "full" : kind;
    return { ...plan, ...chooseKind(wanted, control, table.audit.fullEveryDays, now()) };
  }
  const found = await new AuditRun(store, table.table, approved).plan();
  return { ...plan, approved, kind: found.kind, generation: found.generation, rest: [] };
}

async function open(folder: AuditRun, plan: AuditPlan): Promise<void> {
  const buckets = Array.from({ length: plan.table.manifestBuckets }, (_, bucket) => ({ bucket }));
  await folder.write("buckets.json", buckets);
  await folder.write("plan.json", plan);
}

/** Generations that have loaded, the serving one first. */
function toAudit({ generations }: TableDescriptor, { serving, generations: known }: TableControl): string[] {
  return generations
    .map(({ generation }) => generation)
    .filter((generation) => known[generation]?.load?.state === "done" && known[generation]?.leaving !== true)
    .sort((left, right) => Number(right === serving) - Number(left === serving));
}

/** Executions are named `<table>-<run>`; one without a name of ours is a run by its own. */
function toRun(execution: string, table: string): string {
  return execution.startsWith(`${table}-`) ? execution.slice(table.length + 1) : execution;
}

function answer(table: TableDescriptor, run: string, mode: PlanAnswer["mode"]): PlanAnswer {
  const { pollSeconds } = table.audit;
  return { mode, table: table.table, run, pollSeconds };
}

function unknown(generation: string, table: string): SyncError {
  return new SyncError("GENERATION_UNKNOWN", "the configuration no longer lists the generation", {
    subject: `${generation} of ${table}`,
    fix: "audit one that `trueup status` shows",
    retryable: false,
  });
}
