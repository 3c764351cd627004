import { waitUntil } from "../../engines/wait-until.ts";
import type { DemoReport } from "../demo-report.ts";
import { describeCustom } from "../demo-stack.ts";
import type { DemoWorld } from "../demo-world.ts";
import { killFunction } from "../find-function-process.ts";
import type { LiveCounts, LiveTraffic } from "../live-writes.ts";
import { proveEqual } from "../prove-equal.ts";
import type { Comparison } from "../run-command.ts";
import { chapter, count, say } from "../screen.ts";
import { crashSearch, restartSearch } from "../search-engine.ts";

const WRITES_PER_SECOND = 150;
const WRITES_IN_THE_DARK = 900;
const KILLS = 3;
const PATIENCE_MILLIS = 120_000;

/** Kills the search engine under load, and the consumer in the middle of batches it cannot finish. */
export async function surviveOutage(
  world: DemoWorld,
): Promise<{ outage: DemoReport["outage"]; traffic: LiveCounts; check: Comparison }> {
  chapter("The search engine dies, and so does the consumer");
  const { consumerFunction } = await describeCustom(1);
  const traffic = world.writer.start(WRITES_PER_SECOND);
  await untilWritten(traffic, WRITES_PER_SECOND);
  const died = performance.now();
  await crashSearch();
  say("kill -9: OpenSearch is gone. The application goes on writing.");
  await untilWritten(traffic, WRITES_IN_THE_DARK);
  // Nothing can be written to the index now, so a consumer that runs is in the middle of a batch.
  let consumersKilled = killFunction(consumerFunction);
  say(`kill -9: ${consumersKilled} consumer in mid-batch.`);
  await restartSearch(world.stack.search);
  const searchDownSeconds = (performance.now() - died) / 1000;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await untilWritten(traffic, WRITES_PER_SECOND);
    consumersKilled += killFunction(consumerFunction);
  }
  const counts = await traffic.stop();
  say(
    `OpenSearch was away for ${searchDownSeconds.toFixed(0)} s; ${count(counts.writes)} writes, ${count(counts.deletes)} deletes, ${consumersKilled} consumers killed.`,
  );
  return {
    outage: { searchDownSeconds, consumersKilled },
    traffic: counts,
    check: await proveEqual(world.stack),
  };
}

/** Waits for some more writes to be acknowledged by the source. */
async function untilWritten(traffic: LiveTraffic, more: number): Promise<void> {
  const enough = traffic.counts().writes + more;
  const what = `${more} more writes`;
  await waitUntil(what, () => traffic.counts().writes >= enough, {
    withinMillis: PATIENCE_MILLIS,
    fix: "look at the emulator's output under .trueup/local",
  });
}
