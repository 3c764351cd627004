import { makeWriteMetrics } from "../adapters/lambda-metrics.ts";
import { type AuditReport, driftKinds } from "../core/audit-report.ts";

/** Writes what alarms and the dashboard watch of an audit. */
export function makeMeasureReport(environment: string): (report: AuditReport) => void {
  return (report) => {
    const { table, generation, drift, remaining, notJudged, seconds, breaker } = report;
    const write = makeWriteMetrics({ environment, table, generation });
    const found = driftKinds.reduce((sum, kind) => sum + drift[kind].count, 0);
    const count = (name: string, value: number) => ({ name, unit: "Count" as const, values: [value] });
    write([
      count("AuditDrift", found),
      ...driftKinds.map((kind) =>
        count(`AuditDrift${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, drift[kind].count),
      ),
      // Nothing was tried while the breaker is open; that has an alarm of its own.
      count("AuditRemaining", breaker.state === "open" ? 0 : remaining),
      count("AuditNotJudged", notJudged),
      count("AuditBreakerOpen", breaker.state === "open" ? 1 : 0),
      { name: "AuditDuration", unit: "Milliseconds", values: [seconds * 1000] },
    ]);
  };
}
