import { MARK } from "./page-search.ts";

/**
 * What runs in the browser. Everything of a document is set as text, never as markup. Numbers of a document are shown as
 * they were sent, by a reviver that keeps their text.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/JSON/parse `context.source`
 */
export const PAGE_SCRIPT = `
const MARK = ${JSON.stringify(MARK)};
const byId = (id) => document.getElementById(id);
const make = (tag, className, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
};
const exact = (key, value, context) => (typeof value === "number" ? (context?.source ?? String(value)) : value);
const millis = (value) => (value < 10000 ? Math.round(value) + " ms" : Math.round(value / 1000) + " s");
const count = (value) => value.toLocaleString("en");
let chosen, versions = new Map(), asked = "";

function row(label, value, tone) {
  return make("div", "row", make("span", "quiet", label), make("b", tone ?? "", value));
}

function ago(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  return seconds < 90 ? seconds + " s ago" : seconds < 5400 ? Math.round(seconds / 60) + " min ago" : Math.round(seconds / 3600) + " h ago";
}

function drawGeneration(one) {
  const tone = one.isServing ? "good" : one.phase === "failed" ? "bad" : "warn";
  const line = make("div", "row", make("code", "", one.generation), make("span", "pill " + tone, one.isServing ? "serves" : one.phase));
  const lines = [line];
  const { delay } = one;
  const says = delay ? "p50 " + millis(delay.p50Millis) + ", p99 " + millis(delay.p99Millis) : "nothing came for a minute";
  lines.push(row("change to index, last minute", says));
  lines.push(row("documents", count(one.documents) + (delay ? ", " + delay.documentsPerSecond.toFixed(1) + " written/s" : "")));
  if (one.deadLetters > 0) lines.push(row("dead letters", count(one.deadLetters), "bad"));
  if (one.blockedBy && !one.isServing) lines.push(make("p", "quiet", one.blockedBy));
  return lines;
}

function drawAudit(table, audit) {
  if (!audit) return [row("last audit", "none yet")];
  const drift = Object.entries(audit.drift).filter(([, found]) => found > 0);
  const link = make("a", "", ago(audit.finishedAt));
  link.href = "/reports/" + encodeURIComponent(table) + "/" + encodeURIComponent(audit.run);
  const says = drift.length === 0 ? "equal, " + count(audit.records) + " records" : drift.map(([kind, found]) => count(found) + " " + kind).join(", ");
  const lines = [make("div", "row", make("span", "quiet", "last audit, ", link), make("b", drift.length === 0 ? "good" : "warn", says))];
  if (drift.length > 0) lines.push(row("repaired", count(audit.repaired) + ", " + count(audit.remaining) + " left", audit.remaining > 0 ? "bad" : "good"));
  return lines;
}

function drawTable(view) {
  const drawn = make("section", "table", make("h2", "", view.alias), make("span", "quiet", view.source),
    ...view.generations.flatMap(drawGeneration), ...drawAudit(view.table, view.audit));
  drawn.dataset.table = view.table;
  drawn.tabIndex = 0;
  drawn.setAttribute("role", "button");
  drawn.setAttribute("aria-pressed", String(view.alias === chosen));
  const choose = (event) => {
    if (event.target.closest("a")) return;
    chosen = view.alias;
    versions = new Map();
    for (const one of document.querySelectorAll(".table")) one.setAttribute("aria-pressed", String(one === drawn));
    search();
  };
  drawn.addEventListener("click", choose);
  drawn.addEventListener("keydown", (event) => event.key === "Enter" && choose(event));
  return drawn;
}

function show({ tables, fault }) {
  byId("state").textContent = fault ?? "live";
  byId("state").className = fault ? "bad" : "good";
  if (!tables) return;
  if (!tables.some(({ alias }) => alias === chosen)) chosen = tables[0]?.alias;
  const focused = document.activeElement?.dataset?.table;
  byId("tables").replaceChildren(...tables.map(drawTable));
  if (focused) document.querySelector('[data-table="' + CSS.escape(focused) + '"]')?.focus();
}

function marked(text) {
  const [first, ...others] = text.split(MARK.begin);
  return [first, ...others.flatMap((part) => {
    const [inside, outside = ""] = part.split(MARK.end);
    return [make("mark", "", inside), outside];
  })];
}

function drawHit({ _id, _source, _version, _seq_no, highlight = {} }) {
  const fields = Object.entries(_source).flatMap(([name, value]) => {
    const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    const shown = highlight[name]?.[0] ?? text;
    return [make("dt", "", name), make("dd", "", ...marked(shown.length > 600 ? shown.slice(0, 600) + " …" : shown))];
  });
  const drawn = make("article", "hit", make("header", "", make("code", "", _id), make("span", "quiet", "change " + _seq_no)), make("dl", "", ...fields));
  const before = versions.get(_id);
  if (versions.size > 0 && before !== _seq_no) drawn.classList.add("fresh");
  return drawn;
}

async function search() {
  if (!chosen) return;
  const words = byId("words").value;
  const began = performance.now();
  const key = chosen + " " + words;
  const answer = await fetch("/search/" + encodeURIComponent(chosen) + "?q=" + encodeURIComponent(words));
  const text = await answer.text();
  if (key !== chosen + " " + byId("words").value) return;
  if (!answer.ok) {
    byId("found").textContent = "The search was refused (" + answer.status + ").";
    byId("hits").replaceChildren();
    return;
  }
  const { hits } = JSON.parse(text, exact);
  if (key !== asked) versions = new Map();
  const drawn = hits.hits.map(drawHit);
  versions = new Map(hits.hits.map(({ _id, _seq_no }) => [_id, _seq_no]));
  asked = key;
  const what = words.trim() === "" ? "written last come first" : "in " + Math.round(performance.now() - began) + " ms";
  byId("found").textContent = count(Number(hits.total.value)) + " documents in " + chosen + ", " + what;
  byId("hits").replaceChildren(...drawn);
}

byId("form").addEventListener("submit", (event) => { event.preventDefault(); search(); });
byId("words").addEventListener("input", () => search());
const stream = new EventSource("/tables");
stream.onmessage = ({ data }) => { const first = !chosen; show(JSON.parse(data)); if (first) search(); };
stream.onerror = () => show({ fault: "the page's server does not answer" });
setInterval(() => { if (!document.hidden) search().catch(() => {}); }, 1000);
`;
