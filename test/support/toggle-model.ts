/** One line of a table's configuration: a generation. */
export interface Declared {
  readonly mode: "custom" | "managed";
  readonly revision: number;
  /** Its mapping refuses some of the records, so it must never serve. */
  readonly refuses: boolean;
}

/** What is known of a table between two actions. */
export interface ToggleState {
  /** What the configuration lists, oldest first. */
  readonly listed: readonly Declared[];
  /** Is there although it is no longer listed: it served when it was to go. */
  readonly left: Declared | undefined;
  /** What searches used when somebody last looked. */
  readonly serving: Declared | undefined;
  /** A rollback was the last to move the alias. */
  readonly pinned: boolean;
  /** The highest revision there ever was. */
  readonly revision: number;
}

/** What a person, or bad luck, does to a table. */
export type ToggleAction =
  /** Another line below the one there is. */
  | { readonly kind: "add" | "add-refusing"; readonly mode: Declared["mode"] }
  /** The only line changes, in one word or two. */
  | { readonly kind: "edit"; readonly mode: Declared["mode"] }
  /** The newest line changes while two generations exist: a third one. */
  | { readonly kind: "third"; readonly mode: Declared["mode"] }
  | { readonly kind: "wait" | "rollback" | "cutover" }
  /** The older line goes; or the newest; or what an edit took away is listed again. */
  | { readonly kind: "remove-old" | "withdraw" | "list-again" }
  /** The same configuration again; or with a library that has changed. */
  | { readonly kind: "deploy-again" | "upgrade" }
  | { readonly kind: "kill-functions" | "crash-search" | "empty-and-refill" }
  /** The whole table goes, and comes back under a generation of its own. */
  | { readonly kind: "retire-and-return" | "retire-and-return-refusing"; readonly mode: Declared["mode"] };

/** How a deploy of some lines must end. */
export type DeployEnd = "done" | "serving" | "limit";

/** The name of a generation's index, as status and searches know it. */
export function nameOf(alias: string, { mode, revision }: Declared): string {
  return `${alias}-${mode}-${revision}`;
}

/** A table with one line, which has not been built yet. */
export function beginTable(mode: Declared["mode"], revision: number, refuses = false): ToggleState {
  const first = { mode, revision, refuses };
  return { listed: [first], left: undefined, serving: undefined, pinned: false, revision };
}

/** Every generation that exists, oldest first. */
export function existing({ listed, left }: ToggleState): readonly Declared[] {
  return [...listed, ...(left === undefined ? [] : [left])].toSorted(byRevision);
}

/** Whether searches move to the newest line by themselves, once it is built. */
export function isBuilding(state: ToggleState): boolean {
  const newest = state.listed.at(-1);
  return newest !== undefined && !newest.refuses && !state.pinned && isOlder(state.serving, newest);
}

/** A build never takes searches back from a newer generation. */
function isOlder(serving: Declared | undefined, newest: Declared): boolean {
  return serving === undefined || serving.revision < newest.revision;
}

/** What searches may use now: what they did, and the newest once it is built. */
export function mayServe(state: ToggleState): readonly (Declared | undefined)[] {
  const newest = state.listed.at(-1);
  return [state.serving, ...(isBuilding(state) ? [newest] : [])];
}

/** Every action that makes sense in a state. */
export function legalActions(state: ToggleState): readonly ToggleAction[] {
  const anytime = ["deploy-again", "upgrade", "kill-functions", "crash-search", "empty-and-refill"] as const;
  return [
    ...linesActions(state),
    ...anytime.map((kind) => ({ kind })),
    ...(state.serving === undefined
      ? []
      : [...inEitherMode("retire-and-return"), ...inEitherMode("retire-and-return-refusing")]),
  ];
}

function linesActions(state: ToggleState): readonly ToggleAction[] {
  const { listed, left, serving, pinned } = state;
  const [newest, generations] = [listed.at(-1), existing(state).length];
  const isServed = newest !== undefined && same(newest, serving);
  const isOne = generations === 1;
  return [
    ...(isOne && isServed ? [...inEitherMode("add"), ...inEitherMode("add-refusing")] : []),
    ...(isOne ? inEitherMode("edit") : inEitherMode("third")),
    ...(isBuilding(state) ? [{ kind: "wait" } as const] : []),
    ...(listed.length === 2 && isServed ? [{ kind: "rollback" } as const] : []),
    ...(pinned ? [{ kind: "cutover" } as const] : []),
    ...(listed.length === 2 ? [{ kind: "remove-old" } as const] : []),
    ...(generations === 2 && !isServed ? [{ kind: "withdraw" } as const] : []),
    ...(left === undefined ? [] : [{ kind: "list-again" } as const]),
  ];
}

function inEitherMode<Kind extends Extract<ToggleAction, { mode: unknown }>["kind"]>(kind: Kind) {
  return (["custom", "managed"] as const).map((mode) => ({ kind, mode }));
}

/** The lines an action leaves in the configuration; those of before where it changes none. */
export function linesAfter(state: ToggleState, action: ToggleAction): readonly Declared[] {
  const { listed } = state;
  const next = (mode: Declared["mode"], refuses = false) => ({ mode, revision: state.revision + 1, refuses });
  switch (action.kind) {
    case "add":
      return [...listed, next(action.mode)];
    case "add-refusing":
      return [...listed, next(action.mode, true)];
    case "edit":
    case "retire-and-return":
      return [next(action.mode)];
    case "retire-and-return-refusing":
      return [next(action.mode, true)];
    case "third":
      return [...listed.slice(0, -1), next(action.mode)];
    case "remove-old":
      return listed.slice(-1);
    case "withdraw":
      return existing(state).slice(0, 1);
    case "list-again":
      return existing(state);
    default:
      return listed;
  }
}

/**
 * How a deploy of some lines may end, in either case where a build may move the alias at that moment.
 *
 * A third generation is refused first, before anything goes.
 */
export function deployEnds(state: ToggleState, lines: readonly Declared[]): readonly DeployEnd[] {
  const before = existing(state);
  const added = lines.filter((line) => !before.some((known) => same(known, line)));
  if (before.length + added.length > 2) return ["limit"];
  const gone = before.filter((known) => !lines.some((line) => same(known, line)));
  const ends = mayServe(state).map((serving) =>
    serving !== undefined && gone.some((known) => same(known, serving)) ? "serving" : "done",
  );
  return [...new Set(ends)];
}

/** What is known after a deploy: what was to go and stayed serves. A newer generation lifts the pin of a rollback. */
export function afterDeploy(state: ToggleState, lines: readonly Declared[], end: DeployEnd): ToggleState {
  const revision = Math.max(state.revision, ...lines.map((line) => line.revision));
  if (end === "limit") return { ...state, revision };
  const before = existing(state);
  const isNewer = lines.some((line) => !before.some((known) => same(known, line)));
  const gone = before.filter((known) => !lines.some((line) => same(known, line)));
  const left = end === "serving" ? gone.at(-1) : undefined;
  const serving = left ?? state.serving;
  return { ...state, listed: lines, left, serving, revision, pinned: state.pinned && !isNewer };
}

/** What is known after a look at what searches use. */
export function afterLook(state: ToggleState, serving: Declared | undefined): ToggleState {
  return { ...state, serving };
}

/** Whether two are the same generation. */
export function same(left: Declared | undefined, right: Declared | undefined): boolean {
  return left?.mode === right?.mode && left?.revision === right?.revision;
}

/** An action in the words a failure is told in, and a run can be asked for. */
export function writeAction(action: ToggleAction): string {
  return "mode" in action ? `${action.kind} ${action.mode}` : action.kind;
}

function byRevision(left: Declared, right: Declared): number {
  return left.revision - right.revision;
}
