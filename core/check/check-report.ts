import type { CheckFinding } from "./check-finding.ts";
import type { CostLine } from "./estimate-cost.ts";
import type { PlannedChange } from "./plan-changes.ts";

/** All that `trueup check` says of a stack. */
export interface CheckReport {
  readonly stack: string;
  readonly region: string;
  readonly findings: readonly CheckFinding[];
  readonly changes: readonly PlannedChange[];
  readonly costs: readonly CostLine[];
  /** Sum of the lines by the month, US dollars; an estimate. */
  readonly dollarsAMonth: number;
  /** What estimates rest on, and what they leave out. */
  readonly assumptions: readonly string[];
}

/** Whether a deployment would meet something that is not there. Warnings and what is unknown do not count. */
export function hasFailed({ findings }: Pick<CheckReport, "findings">): boolean {
  return findings.some(({ state }) => state === "failed");
}

/** What a stack costs by the month, of the lines that are by the month. */
export function sumAMonth(costs: readonly CostLine[]): number {
  return costs.filter(({ per }) => per === "month").reduce((sum, { dollars }) => sum + dollars, 0);
}
