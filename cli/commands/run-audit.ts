import type { AuditReport } from "../../core/audit-report.ts";
import { SyncError } from "../../core/errors.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findTable } from "../find-table.ts";
import { type Progress, startProgress } from "../progress.ts";
import { renderAudit } from "../render-audit.ts";
import type { StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

export interface AuditOptions {
  readonly table: string;
  /** Audit this one instead of the one that serves, or the newest where none does. */
  readonly generation?: string;
  readonly full: boolean;
  /** Repair what this earlier run held back. */
  readonly approved?: string;
  readonly wait: boolean;
  readonly timeoutMillis: number;
  readonly json: boolean;
}

const FIRST_PAUSE_MILLIS = 300;
const LONGEST_PAUSE_MILLIS = 10_000;

/**
 * `trueup audit TABLE` and `trueup audit approve TABLE RUN`: starts an audit, and waits for its report when asked.
 *
 * @throws SyncError `AUDIT_NOT_FOUND` when the audit ended without a report, or the run to approve has none
 */
export async function runAudit(
  client: StackClient,
  terminal: Terminal,
  options: AuditOptions,
): Promise<ExitCode> {
  const table = findTable(client.descriptor, options.table);
  if (options.approved !== undefined) await requireReport(client, options.table, options.approved);
  const generation = options.generation ?? (await servingOrNewest(client, table));
  const run = toRunName(terminal.now());
  const approval = options.approved === undefined ? {} : { approved: options.approved };
  const kind = options.full ? "full" : "auto";
  await client.startAudit(`${table.table}-${run}`, { table, generation, kind, ...approval });
  if (!options.wait) return reportStart(terminal, options, generation, run);
  return waitForReport(client, terminal, options, run);
}

/** Sorts by time, and names an execution too: no colons. */
function toRunName(now: number): string {
  return new Date(now).toISOString().replace(/[-:]/g, "").replace(".", "-");
}

async function waitForReport(
  client: StackClient,
  terminal: Terminal,
  options: AuditOptions,
  run: string,
): Promise<ExitCode> {
  const progress = startProgress(terminal, `audit of ${options.table}`, options.json);
  try {
    if (!(await waitUntilOver(client, terminal, options, run, progress))) {
      terminal.note(`The time is up; audit ${run} goes on.`);
      return exitCodes.timeout;
    }
  } finally {
    progress.end();
  }
  const report = await requireReport(client, options.table, run);
  terminal.print(options.json ? JSON.stringify(report, null, 2) : renderAudit(report));
  return report.remaining > 0 || report.breaker.state === "open" ? exitCodes.drift : exitCodes.done;
}

async function waitUntilOver(
  client: StackClient,
  terminal: Terminal,
  { table, timeoutMillis }: AuditOptions,
  run: string,
  progress: Progress,
): Promise<boolean> {
  const started = terminal.now();
  for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE_MILLIS)) {
    const state = await client.auditState(`${table}-${run}`);
    if (state === "succeeded") return true;
    if (state !== "running") throw auditFailed(table, run, state);
    progress.show((terminal.now() - started) / timeoutMillis, run);
    if (terminal.now() + pause > started + timeoutMillis) return false;
    await terminal.pause(pause);
  }
}

/** @throws SyncError `GENERATION_UNKNOWN` while one serves that the program has let go of (not retryable) */
async function servingOrNewest(client: StackClient, table: TableDescriptor): Promise<string> {
  const newest = table.generations.at(-1)?.generation ?? "";
  const { serving = newest } = await client.status(table);
  if (table.generations.some(({ generation }) => generation === serving)) return serving;
  throw new SyncError("GENERATION_UNKNOWN", "the serving generation is no longer in the program", {
    subject: serving,
    fix: `wait until the newest serves (\`trueup wait ${table.table}\`), or name it with --generation ${newest}`,
    retryable: false,
  });
}

async function requireReport(client: StackClient, table: string, run: string): Promise<AuditReport> {
  const report = await client.auditReport(table, run);
  if (report !== undefined) return report;
  throw new SyncError("AUDIT_NOT_FOUND", "there is no report of such an audit", {
    subject: `${table} ${run}`,
    fix: "name a run as `trueup audit` printed it",
    retryable: false,
  });
}

function reportStart(
  terminal: Terminal,
  { table, json }: AuditOptions,
  generation: string,
  run: string,
): ExitCode {
  terminal.print(
    json ? JSON.stringify({ table, generation, run }, null, 2) : `Audit ${run} of ${generation} has begun.`,
  );
  return exitCodes.done;
}

function auditFailed(table: string, run: string, state: string): SyncError {
  return new SyncError("AUDIT_NOT_FOUND", `the audit ${state} before it had a report`, {
    subject: `${table} ${run}`,
    fix: "read the execution's cause in Step Functions, then audit again",
    retryable: false,
  });
}
