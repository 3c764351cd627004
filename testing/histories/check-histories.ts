import fc from "fast-check";
import { makeCallTransform } from "../../fallback-consumer/call-transform.ts";
import { makeRenderBatch, type RenderBatch } from "../../fallback-consumer/render-batch.ts";
import type { BrokenPromise } from "../options.ts";
import { labelled, show } from "../show.ts";
import { makeEnrich, outcomeIn, type Trial } from "../trial.ts";
import { HistoryWorld } from "./history-world.ts";
import { type Step, stepsOf } from "./steps.ts";

const LONGEST_HISTORY = 40;
const AUDITS = 3;

/** A document that is not what the record makes. */
interface Difference {
  readonly id: string;
  readonly found: string | undefined;
  readonly expected: string | undefined;
}

/** What was found over all histories. */
export interface HistoriesResult {
  readonly tried: number;
  readonly broken?: BrokenPromise;
}

/**
 * Runs the transform inside the product's own consumers through random histories: duplicates, replays, batches cut anywhere, late bulks,
 * crashes between index and manifest, stale exports, re-reads. Each must end with the documents that the final records make.
 */
export async function checkHistories(trial: Trial): Promise<HistoriesResult> {
  const { runs = 100, seed = 1 } = trial.options;
  const skew = fc.integer({ min: -4_000, max: 4_000 });
  const history = fc.array(stepsOf(trial), { maxLength: LONGEST_HISTORY, size: "max" });
  const property = fc.asyncProperty(skew, history, async (skewMillis, steps) => {
    return (await runHistory(trial, skewMillis, steps)) === undefined;
  });
  const details = await fc.check(property, { numRuns: runs, seed });
  const { counterexample, numRuns } = details;
  if (!details.failed || counterexample === null) return { tried: numRuns };
  const [skewMillis, steps] = counterexample;
  return { tried: numRuns, broken: await describe(trial, skewMillis, steps) };
}

async function runHistory(
  trial: Trial,
  skewMillis: number,
  steps: readonly Step[],
): Promise<Difference | undefined> {
  const world = new HistoryWorld({
    key: trial.key,
    render: (now) => makeRender(trial, now),
    several: trial.transform.documents === "any",
    skewMillis,
  });
  for (const { act } of steps) await act(world);
  await heal(world);
  return findDifference(trial, world);
}

function makeRender(trial: Trial, now: () => number): RenderBatch {
  const call = makeCallTransform(trial.services, now, async () => undefined);
  return makeRenderBatch(trial.transform, call, undefined, makeEnrich(trial, now));
}

/** What an operator and the audit do at the end of any history. */
async function heal(world: HistoryWorld): Promise<void> {
  world.replayAll();
  await world.settle();
  for (let audit = 0; audit < AUDITS && world.ambiguous().length > 0; audit += 1) {
    for (const { recordId, id } of world.ambiguous()) world.request(recordId, id);
    await world.settle();
  }
}

async function findDifference(trial: Trial, world: HistoryWorld): Promise<Difference | undefined> {
  const expected = new Map<string, string>();
  const unknown = new Set<string>();
  for (const [recordId, image] of world.database) {
    const outcome = await outcomeIn(trial, [image]);
    // Made up records may be none the transform can take: they are dead-lettered, and nothing is promised of them.
    if (outcome.kind !== "made") unknown.add(recordId);
    else for (const { id, source } of outcome.documents) if (source !== undefined) expected.set(id, source);
  }
  const owners = new Map(world.manifest.map(({ id, recordId }) => [id, recordId]));
  const live = world.live();
  for (const id of new Set([...live.keys(), ...expected.keys()])) {
    if (live.get(id) === expected.get(id) || unknown.has(owners.get(id) ?? id)) continue;
    return { id, found: live.get(id), expected: expected.get(id) };
  }
  return undefined;
}

async function describe(trial: Trial, skewMillis: number, steps: readonly Step[]): Promise<BrokenPromise> {
  const difference = await runHistory(trial, skewMillis, steps);
  const width = String(steps.length).length;
  const table = steps.map((step, place) => `${String(place + 1).padStart(width)}  ${step}`);
  return {
    promise: "histories",
    what: "after this history the index does not hold what the records make, although everything was read, replayed and audited",
    example: [
      ...table,
      ...(difference === undefined
        ? ["the same history, made again, ended well: the transform depends on what went before"]
        : labelled(
            ["document", difference.id],
            ["in the index", toText(difference.found)],
            ["its record makes", toText(difference.expected)],
          )),
    ],
    fix: "make documents and their ids of the record alone, the same at every call",
  };
}

function toText(source: string | undefined): string {
  return source === undefined ? "nothing" : show(JSON.parse(source));
}
