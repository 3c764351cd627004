import {
  afterDeploy,
  afterLook,
  beginTable,
  type Declared,
  deployEnds,
  existing,
  linesAfter,
  mayServe,
  nameOf,
  same,
  type ToggleAction,
  type ToggleState,
} from "../support/toggle-model.ts";
import { ALIAS, type ToggleWorld } from "./toggle-world.ts";

/** A gate that is shut for a moment, as under load it may be, opens again. */
const MOVE_TRIES = 20;

/**
 * Does one thing to the table, and insists on what must hold after it: the command ended as it must, searches use what
 * they may, none failed or was short, and the index is what the database is.
 *
 * @param action - `begin` deploys what the state lists for the first time
 * @returns what is known then
 */
export async function performToggle(
  world: ToggleWorld,
  state: ToggleState,
  action: ToggleAction | { readonly kind: "begin" },
): Promise<ToggleState> {
  const acted = await act(world, state, action);
  const looked = await look(world, acted);
  if (looked.serving !== undefined) expect(await world.compare()).toMatchObject({ equal: true });
  expect(await world.searched()).toMatchObject({ failures: 0, shortResults: 0 });
  return looked;
}

async function act(
  world: ToggleWorld,
  state: ToggleState,
  action: ToggleAction | { readonly kind: "begin" },
): Promise<ToggleState> {
  switch (action.kind) {
    case "begin":
      expect(await world.deploy(state.listed)).toBe("done");
      await world.wait();
      return state;
    case "wait":
      await world.wait();
      return served(await look(world, state), state.listed.at(-1));
    case "rollback":
      await move(world, "rollback");
      return served(
        { ...(await look(world, { ...state, pinned: true, serving: state.listed[0] })) },
        state.listed[0],
      );
    case "cutover": {
      await move(world, "cutover");
      const newest = state.listed.at(-1);
      return served(await look(world, { ...state, pinned: false, serving: newest }), newest);
    }
    case "kill-functions":
      world.killFunctions();
      return state;
    case "crash-search":
      await world.crashSearch();
      return state;
    case "empty-and-refill":
      await world.emptyAndRefill();
      return state;
    case "retire-and-return":
    case "retire-and-return-refusing": {
      await retire(world, state);
      const [line] = linesAfter(state, action);
      const begun = beginTable(action.mode, line?.revision ?? 0, line?.refuses);
      return deploy(world, { ...begun, listed: [] }, begun.listed);
    }
    case "upgrade":
      world.upgrade();
      return deploy(world, state, state.listed);
    default:
      return deploy(world, state, linesAfter(state, action));
  }
}

/** Deploys; after a refused third generation what was there before is deployed again, as a person would. */
async function deploy(
  world: ToggleWorld,
  state: ToggleState,
  lines: readonly Declared[],
): Promise<ToggleState> {
  const end = await world.deploy(lines);
  expect(deployEnds(state, lines)).toContain(end);
  const after = afterDeploy(state, lines, end);
  return end === "limit" ? deploy(world, after, state.listed) : after;
}

async function retire(world: ToggleWorld, state: ToggleState): Promise<void> {
  await world.retire(state.listed);
}

async function move(world: ToggleWorld, word: "rollback" | "cutover"): Promise<void> {
  for (let left = MOVE_TRIES; ; left -= 1) {
    try {
      return await world.command(word);
    } catch (cause) {
      if (left === 1 || !/CUTOVER_REFUSED.*lag/.test(String(cause))) throw cause;
    }
  }
}

async function look(world: ToggleWorld, state: ToggleState): Promise<ToggleState> {
  const { serving } = await world.look();
  const found = existing(state).find((known) => nameOf(ALIAS, known) === serving);
  const allowed = mayServe(state).map((known) => known && nameOf(ALIAS, known));
  expect(allowed).toContain(serving);
  return afterLook(state, found);
}

function served(state: ToggleState, wanted: Declared | undefined): ToggleState {
  expect({ serves: state.serving, isIt: same(state.serving, wanted) }).toMatchObject({ isIt: true });
  return state;
}
