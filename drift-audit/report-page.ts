import { type AuditReport, type DriftKind, driftKinds } from "../core/audit-report.ts";
import { escapeHtml } from "./escape-html.ts";
import { drawTrend } from "./report-chart.ts";
import { REPORT_STYLE } from "./report-style.ts";

const MEANINGS: Readonly<Record<DriftKind, string>> = {
  missing: "a record without its document",
  stale: "a document made from an older state, or by another transform",
  orphaned: "a document without a record",
  altered: "a document somebody else wrote over",
};
const SHOWN_IDS = 200;

/** Draws the page a person reads: one file, no script, nothing fetched, safe whatever the ids contain. */
export function drawReport(report: AuditReport): string {
  const { table, run } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(`Audit of ${table}, ${run}`)}</title><style>${REPORT_STYLE}</style></head><body><main>
${drawVerdict(report)}
${drawCompared(report)}
${drawDrift(report)}
${drawExamples(report)}
${drawRepair(report)}
<h2>Over time</h2><figure>${drawTrend(report.trend)}</figure>
${drawCost(report)}
</main></body></html>
`;
}

/** The one sentence somebody reads who reads only one. */
function toHeadline(report: AuditReport): {
  readonly tone: "good" | "warn" | "bad";
  readonly text: string;
} {
  const { breaker, remaining, repaired, drift } = report;
  const found = driftKinds.reduce((sum, kind) => sum + drift[kind].count, 0);
  if (breaker.state === "open")
    return { tone: "bad", text: "Nothing was repaired: a person has to approve it" };
  if (remaining > 0) return { tone: "bad", text: `${number(remaining)} of ${documents(found)} still differ` };
  if (found > 0)
    return { tone: "warn", text: `Equal again: ${documents(repaired)} differed and were repaired` };
  return { tone: "good", text: "The index equals the database" };
}

function drawVerdict(report: AuditReport): string {
  const { tone, text } = toHeadline(report);
  const { table, generation, kind, exportTime, breaker, run } = report;
  const approve =
    breaker.state === "open"
      ? `<p>${escapeHtml(breaker.reason ?? "")}.</p><p>To repair it: <code>trueup audit approve ${escapeHtml(table)} ${escapeHtml(run)}</code></p>`
      : "";
  const approved = breaker.state === "approved" ? "<p>The repair was approved by a person.</p>" : "";
  return `<section class="verdict ${tone}"><p class="quiet">Audit of ${escapeHtml(table)} · ${escapeHtml(generation)} · ${kind}</p>
<h1>${escapeHtml(text)}</h1><p class="quiet">The database as of ${moment(exportTime)}</p>${approve}${approved}</section>`;
}

function drawCompared({ compared, ambiguous, notJudged, kind }: AuditReport): string {
  const records = kind === "full" ? "records in the database" : "records changed since the last audit";
  return `<h2>What was compared</h2><div class="cards">
${card(compared.records, records)}${card(compared.manifestEntries, "documents in the manifest")}${card(compared.indexDocuments, "documents in the index, tombstones included")}</div>
<p class="quiet">${number(notJudged)} changed while they were looked at and wait for the next audit; ${number(ambiguous)} were not certain and were read again, which is no drift.</p>`;
}

function drawDrift({ drift }: AuditReport): string {
  const cards = driftKinds.map((kind) => card(drift[kind].count, `${kind}: ${MEANINGS[kind]}`, "hit"));
  const lists = driftKinds
    .filter((kind) => drift[kind].count > 0)
    .map((kind) => {
      const { count, ids } = drift[kind];
      const shown = ids.slice(0, SHOWN_IDS).map((id) => `<code>${escapeHtml(id)}</code>`);
      const more = count > shown.length ? ` and ${number(count - shown.length)} more` : "";
      return `<details><summary>${number(count)} ${kind}</summary><p>${shown.join(" · ")}${more}</p></details>`;
    });
  return `<h2>What differed</h2><div class="cards">${cards.join("")}</div>${lists.join("")}`;
}

function drawExamples({ examples }: AuditReport): string {
  if (examples.length === 0) return "";
  const rows = examples.map(({ kind, id, recordId, stage, fields }) => {
    const between = stage === 1 ? "database and manifest" : "manifest and index";
    const names = (fields ?? []).map((name) => `<code>${escapeHtml(name)}</code>`).join(", ");
    const record =
      recordId === id ? "" : `<br><span class="quiet">record</span> <code>${escapeHtml(recordId)}</code>`;
    return `<tr><td>${kind}</td><td><code>${escapeHtml(id)}</code>${record}</td><td>${between}</td><td>${names}</td></tr>`;
  });
  return `<h2>A closer look</h2><table><tr><th>Kind</th><th>Document</th><th>Seen between</th><th>Fields that differ</th></tr>${rows.join("")}</table>`;
}

function drawRepair({ repaired, remaining, unrepairable }: AuditReport): string {
  const lost = unrepairable.ids.slice(0, SHOWN_IDS).map((id) => `<code>${escapeHtml(id)}</code>`);
  const list =
    lost.length === 0
      ? ""
      : `<p>Could not be repaired, because somebody else's write wins in the index: ${lost.join(" · ")}</p>`;
  return `<h2>What was repaired</h2><div class="cards">${card(repaired, "repaired and checked again")}${card(unrepairable.count, "could not be repaired", "hit")}${card(remaining, "remain", "hit")}</div>${list}`;
}

function drawCost({ seconds, cost, startedAt, finishedAt }: AuditReport): string {
  return `<h2>Time and cost</h2><p>${duration(seconds)}, from ${moment(startedAt)} to ${moment(finishedAt)}.</p>
<p>${cost.exportGigabytes.toFixed(3)} GB exported, about $${cost.dollars.toFixed(4)}. <span class="quiet">${escapeHtml(cost.note)}.</span></p>`;
}

function card(count: number, label: string, tone = ""): string {
  return `<div class="card ${count > 0 ? tone : ""}"><b>${number(count)}</b>${escapeHtml(label)}</div>`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function documents(count: number): string {
  return `${number(count)} ${count === 1 ? "document" : "documents"}`;
}

function moment(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.slice(0, 19).replace("T", " "))} UTC</time>`;
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
