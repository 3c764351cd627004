import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditReport, type DriftKind, driftKinds } from "../../core/audit-report.ts";
import { projectRoot } from "../setup/folders.ts";
import type { DriftIds } from "./inject-drift.ts";
import type { LiveCounts } from "./live-writes.ts";
import type { Comparison } from "./run-command.ts";
import type { ProbeCounts } from "./search-probe.ts";

/** Where the demo leaves what it found. */
export const demoFolder = join(projectRoot, ".trueup/demo");

type Counts = Readonly<Record<DriftKind, number>>;

/** What the demo's audit found, against what was broken. */
export interface DriftResult {
  readonly injected: Counts;
  readonly found: Counts;
  /** Found but not injected, distinct ids. */
  readonly falsePositives: number;
  readonly repaired: number;
  readonly remaining: number;
}

/** One toggle of the table's mode, and what searches met meanwhile. */
export interface ToggleStep extends ProbeCounts {
  readonly from: "managed" | "custom";
  readonly to: "managed" | "custom";
  readonly seconds: number;
  /** Records and documents that the independent checker found unequal after it. */
  readonly differences: number;
}

/** How long changes took while the application wrote at a steady rate. */
export interface SteadyDelay {
  /** From the source's acknowledgement to the index's, of every tenth put; see `delay-meter.ts`. */
  readonly lagP50Millis: number;
  readonly lagP99Millis: number;
  readonly samples: number;
  readonly writesPerSecond: number;
}

/** What was seen of the table in PostgreSQL. */
export interface PostgresReport {
  readonly records: number;
  readonly backfill: DemoReport["backfill"];
  readonly live: LiveCounts & SteadyDelay;
  readonly outage: { readonly connectorsKilled: number; readonly consumersKilled: number };
  readonly drift: DriftResult;
  readonly cutover: DemoReport["cutover"];
  readonly checks: Readonly<Record<string, Comparison>>;
}

/** `.trueup/demo/report.json`. */
export interface DemoReport {
  readonly records: number;
  readonly backfill: { readonly documents: number; readonly seconds: number };
  readonly live: LiveCounts & SteadyDelay;
  readonly outage: { readonly searchDownSeconds: number; readonly consumersKilled: number };
  readonly drift: DriftResult;
  readonly cutover: ProbeCounts & { readonly seconds: number };
  readonly toggle: { readonly steps: readonly ToggleStep[] };
  readonly postgres: PostgresReport;
  /** The independent checker's result after each chapter, the last one at the end. */
  readonly checks: Readonly<Record<string, Comparison>>;
  readonly equal: boolean;
  readonly seconds: number;
}

/** Compares what an audit found with what was broken, id by id. */
export function judgeAudit(injected: DriftIds, { drift, repaired, remaining }: AuditReport): DriftResult {
  const broken = new Set(driftKinds.flatMap((kind) => injected[kind]));
  const found = new Set(driftKinds.flatMap((kind) => drift[kind].ids));
  return {
    injected: countBy((kind) => injected[kind].length),
    found: countBy((kind) => drift[kind].count),
    falsePositives: [...found].filter((id) => !broken.has(id)).length,
    repaired,
    remaining,
  };
}

/** Whether an audit found just what was broken, each of its kind, and left nothing of it. */
export function isExact({ injected, found, falsePositives, remaining }: DriftResult): boolean {
  return (
    falsePositives === 0 && remaining === 0 && driftKinds.every((kind) => injected[kind] === found[kind])
  );
}

/** Writes `report.json`, and the page of the audit that found the drift. */
export function writeDemoReport(report: DemoReport, auditPage: Uint8Array): void {
  mkdirSync(demoFolder, { recursive: true });
  writeFileSync(join(demoFolder, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(demoFolder, "audit.html"), auditPage);
}

function countBy(counted: (kind: DriftKind) => number): Counts {
  return {
    missing: counted("missing"),
    stale: counted("stale"),
    orphaned: counted("orphaned"),
    altered: counted("altered"),
  };
}
