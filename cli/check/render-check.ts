import Table from "cli-table3";
import { describeMinutes } from "../../core/check/check-build-time.ts";
import type { CheckFinding } from "../../core/check/check-finding.ts";
import { type CheckReport, hasFailed } from "../../core/check/check-report.ts";
import type { CostLine } from "../../core/check/estimate-cost.ts";
import type { PlannedChange } from "../../core/check/plan-changes.ts";

const PLAIN = { style: { head: [], border: [] }, wordWrap: true };
const ORDER: readonly CheckFinding["state"][] = ["failed", "unknown", "warned", "passed"];

/** A report for a person: what is wrong first, and commands outside of tables, to be copied. */
export function renderCheck(report: CheckReport): string {
  return [
    renderFindings(report.findings),
    ...report.findings.flatMap(toFix),
    "",
    renderChanges(report.changes),
    "",
    renderCosts(report.costs),
    `About $${report.dollarsAMonth.toFixed(2)} a month for what is by the month. These are estimates:`,
    ...report.assumptions.map((assumption) => `- ${assumption}`),
    "",
    toVerdict(report),
  ].join("\n");
}

function renderFindings(findings: readonly CheckFinding[]): string {
  if (findings.length === 0) return "Nothing has to be there before this stack.";
  const table = new Table({ ...PLAIN, head: ["", "check", "of", "found"], colWidths: [null, null, 44, 60] });
  const sorted = findings.toSorted((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state));
  for (const { state, check, subject, detail } of sorted) table.push([state, check, subject, detail]);
  return table.toString();
}

function toFix({ state, check, subject, fix }: CheckFinding): readonly string[] {
  return fix === undefined ? [] : [`${state}: ${check} (${subject}). Fix: ${fix}`];
}

function renderChanges(changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return "The deployment builds and removes nothing.";
  const table = new Table({ ...PLAIN, head: ["table", "generation", "change", "about", ""] });
  for (const { table: name, generation, change, minutes, note } of changes) {
    table.push([name, generation, change, minutes === undefined ? "" : describeMinutes(minutes), note]);
  }
  return table.toString();
}

function renderCosts(costs: readonly CostLine[]): string {
  if (costs.length === 0) return "Nothing is known of what it costs.";
  const head = ["table", "what", "per", "about", "reckoned"];
  const colWidths = [null, null, null, null, 60];
  const table = new Table({
    ...PLAIN,
    head,
    colWidths,
    colAligns: ["left", "left", "left", "right", "left"],
  });
  for (const { of, item, per, dollars, basis } of costs.filter((line) => line.dollars > 0)) {
    table.push([of, item, per, toDollars(dollars), basis]);
  }
  return table.toString();
}

function toDollars(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? "< $0.01" : `$${dollars.toFixed(2)}`;
}

function toVerdict(report: CheckReport): string {
  const count = (state: CheckFinding["state"]) =>
    report.findings.filter((finding) => finding.state === state).length;
  const counts = ORDER.map((state) => `${count(state)} ${state}`).join(", ");
  return hasFailed(report) ? `${counts}: correct what failed, then check again.` : `${counts}.`;
}
