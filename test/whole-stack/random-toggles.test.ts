import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawAction, findAction, makeDice } from "../support/pick-toggles.ts";
import { SOAK_FACTOR } from "../support/runs.ts";
import { beginTable, type ToggleAction, type ToggleState, writeAction } from "../support/toggle-model.ts";
import { requireNoStack } from "./local-stack.ts";
import { performToggle } from "./perform-toggle.ts";
import { startToggleWorld, type ToggleWorld } from "./toggle-world.ts";

jest.setTimeout(600_000 * SOAK_FACTOR);

const ACTIONS = 5 * SOAK_FACTOR;
/** A one-word edit, consumers killed while it builds, the alias moved, the old line listed again, a rollback. */
const IN_EVERY_TEST = 17;
/** `TRUEUP_TOGGLE_SEED` draws others; a soak does so by itself. */
const SEED = Number(
  process.env["TRUEUP_TOGGLE_SEED"] ?? (SOAK_FACTOR === 1 ? IN_EVERY_TEST : Date.now() % 1_000_000),
);
/** `TRUEUP_TOGGLE_MINUTES` ends a soak early, between two actions. */
const MOST_MINUTES = Number(process.env["TRUEUP_TOGGLE_MINUTES"] ?? Number.POSITIVE_INFINITY);
/** `TRUEUP_TOGGLES="add custom, wait"` does just that instead of drawing. */
const ASKED = process.env["TRUEUP_TOGGLES"]?.split(",").map((text) => text.trim());

describe("a table whose configuration is changed at random, under load and faults", () => {
  const folder = mkdtempSync(join(tmpdir(), "random-toggles-"));
  let world: ToggleWorld | undefined;

  beforeAll(requireNoStack);
  afterAll(async () => {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has an index equal to its database after each of ${ASKED?.length ?? ACTIONS} actions, and never a failed or short search`, async () => {
    const done: string[] = [];
    world = await startToggleWorld(folder);
    let state = await performToggle(world, beginTable("managed", 1), { kind: "begin" });
    for (const draw of ASKED?.map(asAsked) ?? asDrawn()) {
      const action = draw(state);
      if (action === undefined) continue;
      done.push(writeAction(action));
      const started = performance.now();
      try {
        state = await performToggle(world, state, action);
      } catch (cause) {
        throw new Error(`seed ${SEED}, TRUEUP_TOGGLES="${done.join(", ")}"`, { cause });
      }
      if (SOAK_FACTOR > 1 || ASKED !== undefined) tell(done, started, state);
    }
    const { searches } = await world.searched();
    expect(searches).toBeGreaterThan(done.length);
    process.stderr.write(`seed ${SEED}, ${searches} searches: ${done.join(", ")}\n`);
  });
});

type Draw = (state: ToggleState) => ToggleAction | undefined;

/** What was asked for, where it makes sense: a build may have been faster than when it was written down. */
function asAsked(text: string): Draw {
  return (state) => findAction(state, text);
}

function* asDrawn(): Generator<Draw> {
  const dice = makeDice(SEED);
  const until = Date.now() + MOST_MINUTES * 60_000;
  for (let drawn = 0; drawn < ACTIONS && Date.now() < until; drawn += 1)
    yield (state) => drawAction(state, dice);
}

function tell(done: readonly string[], started: number, { listed, serving }: ToggleState): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const lines = listed.map(({ mode, revision }) => `${mode}-${revision}`).join(" ");
  process.stderr.write(`${done.length} ${done.at(-1)} ${seconds} s; ${lines}; ${serving?.revision} serves\n`);
}
