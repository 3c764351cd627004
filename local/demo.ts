import { driftKinds } from "../core/audit-report.ts";
import { bootstrap, fillSource } from "./demo/chapters/bootstrap.ts";
import { raiseRevision } from "./demo/chapters/cutover.ts";
import { driftAndRepair } from "./demo/chapters/drift.ts";
import { surviveOutage } from "./demo/chapters/outage.ts";
import { tellOfPostgres } from "./demo/chapters/relational.ts";
import { writeSteadily } from "./demo/chapters/steady.ts";
import { toggleModes } from "./demo/chapters/toggle.ts";
import { type DemoReport, isExact, writeDemoReport } from "./demo/demo-report.ts";
import { applyRevisions, openStack } from "./demo/demo-stack.ts";
import type { DemoWorld } from "./demo/demo-world.ts";
import { type LiveCounts, makeLiveWriter } from "./demo/live-writes.ts";
import { type DemoOptions, parseDemoOptions } from "./demo/options.ts";
import { readPlaceRecords } from "./demo/place-records.ts";
import { runTrueup } from "./demo/run-command.ts";
import { chapter, count, say, showTable, verdict } from "./demo/screen.ts";
import { openPage } from "./page.ts";
import { projectRoot } from "./setup/folders.ts";
import { prepareEngines } from "./setup/prepare.ts";

const ANY_PORT = 0;

/** Tells the whole story once. @returns what `.trueup/demo/report.json` holds */
async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const started = performance.now();
  const world = await openWorld(options);
  try {
    return await tellAll(world, started);
  } finally {
    await world.page.stop();
  }
}

async function tellAll(world: DemoWorld, started: number): Promise<DemoReport> {
  await fillSource(world);
  const built = await bootstrap(world);
  const steady = await writeSteadily(world);
  const survived = await surviveOutage(world);
  const drifted = await driftAndRepair(world);
  const raised = await raiseRevision(world);
  const toggled = await toggleModes(world);
  const postgres = await tellOfPostgres(world, [5]);
  const checks = {
    bootstrap: built.check,
    outage: survived.check,
    drift: drifted.check,
    revision: raised.check,
    end: toggled.check,
  };
  const traffic = [
    ...[built, steady, survived, drifted, raised].map((part) => part.traffic),
    ...toggled.traffic,
  ];
  const report: DemoReport = {
    records: world.places.length,
    backfill: built.backfill,
    live: { ...sum(traffic), ...steady.delay },
    outage: survived.outage,
    drift: drifted.drift,
    cutover: raised.cutover,
    toggle: toggled.toggle,
    postgres,
    checks,
    equal: toggled.check.equal && Object.values(postgres.checks).every(({ equal }) => equal),
    seconds: (performance.now() - started) / 1000,
  };
  writeDemoReport(report, drifted.page);
  return report;
}

async function openWorld(options: DemoOptions): Promise<DemoWorld> {
  chapter("Real OpenSearch, an AWS emulator, and the program that runs on AWS");
  prepareEngines();
  await runTrueup(["local", "down"]);
  await applyRevisions([]);
  const stack = await openStack();
  const page = await openPage({ cwd: projectRoot, env: process.env }, ANY_PORT);
  say(`AWS at ${stack.aws}, OpenSearch at ${stack.search}. Search and watch at ${page.url}`);
  const places = readPlaceRecords(options.records);
  return { options, places, stack, page, writer: makeLiveWriter(stack.dynamodb, places) };
}

function sum(parts: readonly LiveCounts[]): LiveCounts {
  return {
    writes: parts.reduce((total, { writes }) => total + writes, 0),
    deletes: parts.reduce((total, { deletes }) => total + deletes, 0),
  };
}

function showSummary(report: DemoReport): void {
  const { records, backfill, live, outage, drift, cutover, toggle, postgres, equal, seconds } = report;
  chapter("In short");
  const found = driftKinds.map((kind) => `${drift.found[kind]} ${kind}`).join(", ");
  showTable(
    ["", ""],
    [
      [
        "built",
        `${count(backfill.documents)} documents of ${count(records)} records in ${backfill.seconds.toFixed(1)} s`,
      ],
      ["written meanwhile", `${count(live.writes)} writes, ${count(live.deletes)} deletes`],
      [
        "change to index",
        `p50 ${live.lagP50Millis} ms, p99 ${live.lagP99Millis} ms at ${live.writesPerSecond} a second`,
      ],
      [
        "survived",
        `${outage.searchDownSeconds.toFixed(0)} s without OpenSearch, ${outage.consumersKilled} consumers killed`,
      ],
      ["found", `${found}; ${drift.falsePositives} false alarms`],
      ["repaired", `${drift.repaired}, ${drift.remaining} left`],
      ["cut over", `${count(cutover.searches)} searches, ${cutover.failures + cutover.shortResults} wrong`],
      ...toggle.steps.map(({ from, to, searches, failures, shortResults, differences, ...step }) => [
        `${from} to ${to}`,
        `${step.seconds.toFixed(0)} s, ${count(searches)} searches, ${failures + shortResults} wrong, ${differences} documents unequal`,
      ]),
      [
        "PostgreSQL",
        `${count(postgres.records)} rows, p50 ${postgres.live.lagP50Millis} ms, p99 ${postgres.live.lagP99Millis} ms at ${postgres.live.writesPerSecond} a second`,
      ],
    ],
  );
  verdict(equal, equal ? "Index and database are equal." : "Index and database are NOT equal.");
  say(
    `${(seconds / 60).toFixed(1)} minutes. The audit's page: .trueup/demo/audit.html, figures: .trueup/demo/report.json`,
  );
}

/** Whether all that was promised was seen. */
function holds({ checks, drift, cutover, toggle, postgres }: DemoReport): boolean {
  const isRight = toggle.steps.every((step) => step.failures + step.shortResults + step.differences === 0);
  const equal = isRight && [checks, postgres.checks].flatMap(Object.values).every((check) => check.equal);
  const moved = [cutover, postgres.cutover].every(
    ({ failures, shortResults }) => failures + shortResults === 0,
  );
  return equal && isExact(drift) && isExact(postgres.drift) && moved;
}

const options = parseDemoOptions(process.argv.slice(2));
try {
  const report = await runDemo(options);
  showSummary(report);
  process.exitCode = holds(report) ? 0 : 1;
} finally {
  if (!options.keep) await runTrueup(["local", "down"]);
}
