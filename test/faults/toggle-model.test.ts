import fc from "fast-check";
import { drawAction, findAction, makeDice } from "../support/pick-toggles.ts";
import {
  afterDeploy,
  afterLook,
  beginTable,
  type Declared,
  deployEnds,
  existing,
  isBuilding,
  legalActions,
  linesAfter,
  mayServe,
  same,
  type ToggleAction,
  type ToggleState,
  writeAction,
} from "../support/toggle-model.ts";

const [old, fresh] = [line("custom", 1), line("managed", 2)];

function line(mode: Declared["mode"], revision: number, refuses = false): Declared {
  return { mode, revision, refuses };
}

function stateOf(
  listed: readonly Declared[],
  serving: Declared | undefined,
  more: Partial<ToggleState> = {},
) {
  return { listed, left: undefined, serving, pinned: false, revision: 2, ...more };
}

/** A table without a product behind it: what may happen, happens by the throw of a die. */
function happen(state: ToggleState, action: ToggleAction, dice: () => number): ToggleState {
  const pick = <Value>(values: readonly Value[]): Value | undefined =>
    values[Math.floor(dice() * values.length)];
  const begun = action.kind.startsWith("retire")
    ? { ...state, listed: [], left: undefined, serving: undefined }
    : state;
  if (action.kind === "rollback") return { ...state, pinned: true, serving: state.listed[0] };
  if (action.kind === "cutover") return { ...state, pinned: false, serving: state.listed.at(-1) };
  if (action.kind === "wait") return afterLook(state, state.listed.at(-1));
  const lines = linesAfter(state, action);
  const looked = afterLook(begun, pick(mayServe(begun)));
  const end = pick(deployEnds({ ...looked, listed: looked.listed, pinned: true }, lines)) ?? "done";
  return afterDeploy(looked, lines, end);
}

describe("the model of toggles", () => {
  it("goes on for ever, with two generations at the most, and never without what serves", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const dice = makeDice(seed);
        let state = beginTable("managed", 1);
        for (let step = 0; step < 200; step += 1) {
          state = happen(state, drawAction(state, dice), dice);
          const there = existing(state);
          expect(there.length).toBeGreaterThan(0);
          expect(there.length).toBeLessThanOrEqual(2);
          expect(state.serving === undefined || there.some((known) => same(known, state.serving))).toBe(true);
        }
      }),
    );
  });

  it("draws everything there is, and the same for the same seed", () => {
    const walk = (seed: number): readonly string[] => {
      const dice = makeDice(seed);
      let state = beginTable("managed", 1);
      return Array.from({ length: 1_000 }, () => {
        const action = drawAction(state, dice);
        expect(findAction(state, writeAction(action))).toEqual(action);
        state = happen(state, action, dice);
        return writeAction(action);
      });
    };
    const drawn = walk(7);
    expect(walk(7)).toEqual(drawn);
    expect(new Set(drawn.map((text) => text.split(" ")[0])).size).toBe(17);
  });

  it("refuses a third generation before anything goes", () => {
    expect(deployEnds(stateOf([old, fresh], old), [old, line("custom", 3)])).toEqual(["limit"]);
  });

  it("keeps what serves when its line goes, whoever serves by then", () => {
    expect(deployEnds(stateOf([old], old), [fresh])).toEqual(["serving"]);
    expect(deployEnds(stateOf([old, fresh], old), [old])).toEqual(["done", "serving"]);
    expect(deployEnds(stateOf([old, fresh], fresh), [fresh])).toEqual(["done"]);
  });

  it("moves searches to a new line by itself, unless it refuses records or a rollback pinned the old one", () => {
    expect(isBuilding(stateOf([old, fresh], old))).toBe(true);
    expect(isBuilding(stateOf([old, line("managed", 2, true)], old))).toBe(false);
    expect(isBuilding(stateOf([old, fresh], old, { pinned: true }))).toBe(false);
    expect(isBuilding(stateOf([old], fresh, { left: fresh }))).toBe(false);
  });

  it("knows what makes no sense", () => {
    const state = stateOf([old], old);
    expect(findAction(state, "rollback")).toBeUndefined();
    expect(legalActions(state).map(writeAction)).toContain("edit managed");
  });
});
