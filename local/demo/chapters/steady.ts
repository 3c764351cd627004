import { setTimeout as wait } from "node:timers/promises";
import { PLACES } from "../configuration.ts";
import { percentile, startDelayMeter } from "../delay-meter.ts";
import type { DemoReport } from "../demo-report.ts";
import type { DemoWorld } from "../demo-world.ts";
import type { LiveCounts } from "../live-writes.ts";
import { chapter, count, drawShare, showTable, startBar } from "../screen.ts";

const WRITES_PER_SECOND = 300;
const SECONDS = 30;
const STEPS: readonly (readonly [string, number])[] = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p99", 0.99],
];

/** Writes at a steady rate and measures how long a change takes to be in the index. */
export async function writeSteadily(world: DemoWorld): Promise<{
  readonly traffic: LiveCounts;
  readonly delay: Pick<DemoReport["live"], "lagP50Millis" | "lagP99Millis" | "samples" | "writesPerSecond">;
}> {
  chapter(`${WRITES_PER_SECOND} writes a second for ${SECONDS} seconds`);
  const meter = startDelayMeter(world.stack.search, PLACES);
  const bar = startBar("writing", SECONDS);
  const traffic = world.writer.start(WRITES_PER_SECOND, meter.hear);
  for (let second = 0; second < SECONDS; second += 1) {
    await wait(1000);
    bar.show(second);
  }
  const counts = await traffic.stop();
  const delays = await meter.stop();
  bar.end();
  showDelays(delays);
  return {
    traffic: counts,
    delay: {
      lagP50Millis: Math.round(percentile(delays, 0.5)),
      lagP99Millis: Math.round(percentile(delays, 0.99)),
      samples: delays.length,
      writesPerSecond: Math.round((counts.writes + counts.deletes) / SECONDS),
    },
  };
}

/** A table of percentiles. */
export function showDelays(delays: readonly number[]): void {
  const largest = percentile(delays, 0.99);
  const rows = STEPS.map(([name, share]) => {
    const millis = percentile(delays, share);
    return [name, `${Math.round(millis)} ms`, drawShare(millis, largest)];
  });
  showTable([`delay of ${count(delays.length)} changes`, "source to index", ""], rows);
}
