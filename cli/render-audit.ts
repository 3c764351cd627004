import Table from "cli-table3";
import { type AuditReport, driftKinds } from "../core/audit-report.ts";

const EXAMPLES = 5;

/** An audit's result for a person: drift by kind with example ids, then what was done about it. */
export function renderAudit(report: AuditReport): string {
  const table = new Table({
    head: ["drift", "documents", "for example"],
    colAligns: ["left", "right", "left"],
    style: { head: [], border: [] },
    wordWrap: true,
    wrapOnWordBoundary: false,
    colWidths: [null, null, 60],
  });
  for (const kind of driftKinds) {
    const { count, ids } = report.drift[kind];
    table.push([kind, count.toLocaleString("en"), ids.slice(0, EXAMPLES).join(", ")]);
  }
  return [toHeadline(report), table.toString(), toOutcome(report)].join("\n");
}

function toHeadline({ table, generation, run, kind, exportTime, compared, seconds }: AuditReport): string {
  const records = compared.records.toLocaleString("en");
  const documents = compared.indexDocuments.toLocaleString("en");
  return `${table}: ${generation} against the database of ${exportTime}
${kind} audit ${run}: ${records} records, ${documents} documents, ${seconds.toFixed(1)} s`;
}

function toOutcome(report: AuditReport): string {
  const { breaker, repaired, remaining, unrepairable, ambiguous, notJudged, table, run } = report;
  if (breaker.state === "open") {
    return `The circuit breaker is open${breaker.reason === undefined ? "" : `: ${breaker.reason}`}. Nothing was repaired.
Look at the report, then run \`trueup audit approve ${table} ${run}\`.`;
  }
  const aside = `${ambiguous} re-read to be certain, ${notJudged} changed while they were looked at`;
  const verdict =
    remaining === 0 ? "Index and database are equal." : `${remaining.toLocaleString("en")} still differ.`;
  return `${repaired.toLocaleString("en")} repaired, ${unrepairable.count} unrepairable; ${aside}.\n${verdict}`;
}
