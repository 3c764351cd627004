import type { DemoReport } from "../demo-report.ts";
import { applyRevisions, waitUntilServing } from "../demo-stack.ts";
import type { DemoWorld } from "../demo-world.ts";
import type { LiveCounts } from "../live-writes.ts";
import { proveEqual } from "../prove-equal.ts";
import type { Comparison } from "../run-command.ts";
import { chapter, count, say, startBar } from "../screen.ts";
import { createSourceTable, enableStream, loadSourceTable } from "../source-table.ts";

const WRITES_PER_SECOND = 100;
const BUILD_MILLIS = 15 * 60_000;

/** Fills a table of the application's own, as most tables are: there before Trueup is. */
export async function fillSource({ places, stack }: DemoWorld): Promise<void> {
  chapter("A table full of places");
  await createSourceTable(stack.dynamodb);
  const bar = startBar("loading", places.length);
  await loadSourceTable(stack.dynamodb, places, bar.show);
  bar.end();
  await enableStream(stack.dynamodb);
  say(`${count(places.length)} places are in DynamoDB; a stream and point-in-time recovery are on.`);
}

/** Builds the first generation from an export while the application goes on writing and deleting. */
export async function bootstrap(
  world: DemoWorld,
): Promise<{ backfill: DemoReport["backfill"]; traffic: LiveCounts; check: Comparison }> {
  chapter("An index is built while the application goes on writing");
  const traffic = world.writer.start(WRITES_PER_SECOND);
  const started = performance.now();
  await applyRevisions([1]);
  say("`trueup local up` is done: index, consumer, queues, workflows. The build runs in the background.");
  const backfill = await followBuild(world.places.length, started);
  say(`${count(backfill.documents)} documents from the export in ${backfill.seconds.toFixed(1)} s.`);
  const counts = await traffic.stop();
  say(
    `${count(counts.writes)} writes and ${count(counts.deletes)} deletes came in meanwhile. The alias has moved.`,
  );
  return { backfill, traffic: counts, check: await proveEqual(world.stack) };
}

/** The time is that of the load; documents are counted when the index serves, because it counts some seconds late. */
async function followBuild(total: number, started: number): Promise<DemoReport["backfill"]> {
  const bar = startBar("building", total);
  const elapsed = () => (performance.now() - started) / 1000;
  let [seconds, counted] = [0, 0];
  await waitUntilServing(
    1,
    ({ phase, documents }) => {
      bar.show(documents);
      counted = documents;
      if (phase !== "loading" && seconds === 0) seconds = elapsed();
    },
    BUILD_MILLIS,
  );
  bar.end();
  return { documents: counted, seconds: seconds || elapsed() };
}
