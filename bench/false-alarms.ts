/**
 * Whether audits cry wolf: `node bench/false-alarms.ts [--audits 20] [--records 20000] [--rate 200]`.
 *
 * Audits of the local stack, one after another, while an application goes on writing and the consumer is held up again
 * and again, so that it is always some seconds behind. Nothing is broken, so whatever an audit finds is false. Ends with
 * the independent checker.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type AuditReport, driftKinds } from "../core/audit-report.ts";
import { PLACES } from "../local/demo/configuration.ts";
import {
  applyRevisions,
  auditTable,
  describeCustom,
  openStack,
  waitUntilServing,
} from "../local/demo/demo-stack.ts";
import { pauseFunction } from "../local/demo/find-function-process.ts";
import { makeLiveWriter } from "../local/demo/live-writes.ts";
import { readPlaceRecords } from "../local/demo/place-records.ts";
import { proveEqual } from "../local/demo/prove-equal.ts";
import { runTrueup } from "../local/demo/run-command.ts";
import { chapter, count, say, showTable } from "../local/demo/screen.ts";
import { createSourceTable, enableStream, loadSourceTable } from "../local/demo/source-table.ts";
import { prepareEngines } from "../local/setup/prepare.ts";

const { values } = parseArgs({
  options: {
    audits: { type: "string", default: "20" },
    records: { type: "string", default: "20000" },
    rate: { type: "string", default: "200" },
  },
});
const BUILD_MILLIS = 15 * 60_000;
/** Shorter than the consumer's own time limit, or its invocation would be given up. */
const HELD_UP_MILLIS = 6_000;
const LET_GO_MILLIS = 4_000;

prepareEngines();
await runTrueup(["local", "down"]);
try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  await runTrueup(["local", "down"]);
}

/** @returns whether no audit found anything, and index and table are equal at the end */
async function measure(): Promise<boolean> {
  chapter(`${values.audits} audits under ${values.rate} writes a second`);
  await applyRevisions([]);
  const stack = await openStack();
  const places = readPlaceRecords(Number(values.records));
  await createSourceTable(stack.dynamodb);
  await loadSourceTable(stack.dynamodb, places, () => {});
  await enableStream(stack.dynamodb);
  await applyRevisions([1]);
  await waitUntilServing(1, () => {}, BUILD_MILLIS);
  const traffic = makeLiveWriter(stack.dynamodb, places).start(Number(values.rate));
  const held = holdUp((await describeCustom(1)).consumerFunction);
  const reports: AuditReport[] = [];
  for (let audit = 0; audit < Number(values.audits); audit += 1) {
    reports.push((await auditTable(stack, PLACES)).report);
    say(describe(reports.at(-1), audit + 1));
  }
  await held.stop();
  const { writes, deletes } = await traffic.stop();
  const found = driftKinds.map((kind) => reports.reduce((sum, { drift }) => sum + drift[kind].count, 0));
  showTable(
    ["audits", "writes", "deletes", ...driftKinds],
    [[reports.length, writes, deletes, ...found].map(count)],
  );
  const { equal } = await proveEqual(stack);
  return equal && found.every((number) => number === 0);
}

/** Stops and continues a function's processes until told to end. */
function holdUp(functionArn: string): { readonly stop: () => Promise<void> } {
  let running = true;
  const loop = async () => {
    while (running) {
      const resume = pauseFunction(functionArn);
      await wait(HELD_UP_MILLIS);
      resume();
      await wait(LET_GO_MILLIS);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      running = false;
      await ended;
    },
  };
}

function describe(report: AuditReport | undefined, number: number): string {
  if (report === undefined) return "";
  const drift = driftKinds.map((kind) => `${report.drift[kind].count} ${kind}`).join(", ");
  return `${number}: ${drift}; ${count(report.notJudged)} not judged, ${count(report.ambiguous)} read again`;
}
