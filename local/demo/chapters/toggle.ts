import { PLACES, type Revision } from "../configuration.ts";
import type { ToggleStep } from "../demo-report.ts";
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

/** What each step's configuration changes, one word of it. */
const STEPS = [
  { before: 2, after: 3, from: "custom", to: "managed" },
  { before: 3, after: 4, from: "managed", to: "custom" },
  { before: 4, after: 5, from: "custom", to: "managed" },
] as const;

/** Toggles the table between our consumer and OpenSearch Ingestion, there and back, with writes and searches running. */
export async function toggleModes(
  world: DemoWorld,
): Promise<{ toggle: { steps: readonly ToggleStep[] }; traffic: readonly LiveCounts[]; check: Comparison }> {
  chapter("One word: custom, managed, and back");
  const done: { step: ToggleStep; traffic: LiveCounts; check: Comparison }[] = [];
  for (const step of STEPS) done.push(await toggleOnce(world, step));
  const last = done.at(-1);
  if (last === undefined) throw new RangeError("the chapter has no steps");
  return {
    toggle: { steps: done.map(({ step }) => step) },
    traffic: done.map(({ traffic }) => traffic),
    check: last.check,
  };
}

async function toggleOnce(world: DemoWorld, { before, after, from, to }: (typeof STEPS)[number]) {
  const untouched = world.places.filter((place) => place.still).slice(-SEARCHED_RECORDS);
  const ids = untouched.map(({ id }) => id);
  const probe = startSearchProbe(world.stack.search, PLACES, ids);
  const traffic = world.writer.start(WRITES_PER_SECOND);
  const started = performance.now();
  await moveTo(world, before, after, `mode: ${from} became mode: ${to}.`);
  const seconds = (performance.now() - started) / 1000;
  const { searches, failures, shortResults } = await probe.stop();
  verdict(
    failures + shortResults === 0,
    `${seconds.toFixed(0)} s, ${count(searches)} searches: ${failures} failed, ${shortResults} found less than there is.`,
  );
  const written = await traffic.stop();
  const check = await proveEqual(world.stack);
  const differences = check.missing + check.extra + check.different;
  const step: ToggleStep = { from, to, seconds, searches, failures, shortResults, differences };
  return { step, traffic: written, check };
}

async function moveTo(world: DemoWorld, before: Revision, after: Revision, what: string): Promise<void> {
  await applyRevisions([before, after]);
  say(what);
  const bar = startBar("building", world.places.length);
  await waitUntilServing(after, ({ documents }) => bar.show(documents), BUILD_MILLIS);
  bar.end();
  await applyRevisions([after]);
}
