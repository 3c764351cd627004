import { legalActions, type ToggleAction, type ToggleState, writeAction } from "./toggle-model.ts";

/** How often a kind of action is drawn, where it may be; the others once. */
const WEIGHTS: Readonly<Record<string, number>> = {
  wait: 8,
  add: 3,
  edit: 3,
  rollback: 4,
  cutover: 4,
  withdraw: 3,
  "remove-old": 4,
  "list-again": 2,
  "add-refusing": 1,
  "retire-and-return": 0.5,
  "retire-and-return-refusing": 0.5,
};

/** Numbers from 0 to 1, the same ones for a seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function makeDice(seed: number): () => number {
  let state = (seed ^ 0x5deece66) >>> 0;
  const roll = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let warm = 0; warm < 8; warm += 1) roll();
  return roll;
}

/** Draws what happens next. */
export function drawAction(state: ToggleState, dice: () => number): ToggleAction {
  const legal = legalActions(state);
  const modes = (kind: string) => legal.filter((action) => action.kind === kind).length;
  const weighted = legal.map((action) => ({
    action,
    weight: (WEIGHTS[action.kind] ?? 1) / modes(action.kind),
  }));
  let left = dice() * weighted.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = weighted.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  const action = drawn?.action ?? legal.at(-1);
  if (action === undefined) throw new RangeError("nothing can be done in this state");
  return action;
}

/**
 * Finds the action of that text, as {@link writeAction} writes it. Waiting for what has happened already is fine.
 *
 * @returns undefined where it makes no sense, as when a build was faster than in the run it was written down in
 */
export function findAction(state: ToggleState, text: string): ToggleAction | undefined {
  if (text === "wait") return { kind: "wait" };
  return legalActions(state).find((action) => writeAction(action) === text);
}
