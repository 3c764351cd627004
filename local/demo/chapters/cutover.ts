import { join } from "node:path";
import { projectRoot } from "../../setup/folders.ts";
import { PLACES } from "../configuration.ts";
import type { DemoReport } from "../demo-report.ts";
import { applyRevisions, waitUntilServing } from "../demo-stack.ts";
import type { DemoWorld } from "../demo-world.ts";
import type { LiveCounts } from "../live-writes.ts";
import { proveEqual } from "../prove-equal.ts";
import type { Comparison } from "../run-command.ts";
import { chapter, count, say, startBar, verdict } from "../screen.ts";
import { startSearchProbe } from "../search-probe.ts";

const WRITES_PER_SECOND = 50;
const SEARCHED_RECORDS = 200;
const BUILD_MILLIS = 15 * 60_000;
const EXPECTED = join(projectRoot, "local/demo/expected_places_v2.py");

/** Raises the revision: another mapping and a transform, built beside, moved to and cleaned up under searches. */
export async function raiseRevision(
  world: DemoWorld,
): Promise<{ cutover: DemoReport["cutover"]; traffic: LiveCounts; check: Comparison }> {
  chapter("A new mapping and a transform, with searches running");
  const untouched = world.places.filter((place) => place.still).slice(-SEARCHED_RECORDS);
  const probe = startSearchProbe(
    world.stack.search,
    PLACES,
    untouched.map(({ id }) => id),
  );
  const traffic = world.writer.start(WRITES_PER_SECOND);
  const started = performance.now();
  await applyRevisions([1, 2]);
  say("Revision 2 is being built beside the one that serves.");
  const bar = startBar("building", world.places.length);
  await waitUntilServing(2, ({ documents }) => bar.show(documents), BUILD_MILLIS);
  bar.end();
  const seconds = (performance.now() - started) / 1000;
  say(`The alias moved after ${seconds.toFixed(0)} s. The old generation goes.`);
  await applyRevisions([2]);
  const counts = await probe.stop();
  const { searches, failures, shortResults } = counts;
  verdict(
    failures + shortResults === 0,
    `${count(searches)} searches meanwhile: ${failures} failed, ${shortResults} found less than there is.`,
  );
  const written = await traffic.stop();
  return {
    cutover: { ...counts, seconds },
    traffic: written,
    check: await proveEqual(world.stack, EXPECTED),
  };
}
