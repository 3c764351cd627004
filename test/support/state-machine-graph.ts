import * as z from "zod";

const next = z.string().optional();
const stateSchema = z.looseObject({
  Type: z.enum(["Task", "Choice", "Wait", "Pass", "Map", "Succeed", "Fail"]),
  Next: next,
  Default: next,
  Choices: z.array(z.looseObject({ Next: z.string() })).default([]),
  Catch: z.array(z.looseObject({ Next: z.string() })).default([]),
  End: z.boolean().default(false),
  Resource: z.string().optional(),
  Parameters: z
    .looseObject({ FunctionName: next, StateMachineArn: next, Payload: z.unknown().optional() })
    .optional(),
});
type State = z.infer<typeof stateSchema>;
const machineSchema = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });
const mapSchema = z.looseObject({
  ItemReader: z.looseObject({ Resource: z.string() }),
  ItemProcessor: machineSchema,
  ItemSelector: z.record(z.string(), z.unknown()),
});

/** Every defect of a definition that only a run would show: states nobody reaches, names that are none, dead ends. */
export function findDefects(definition: unknown): readonly string[] {
  const { StartAt, States } = machineSchema.parse(definition);
  const defects: string[] = [];
  const reached = new Set<string>();
  const waiting = [StartAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const state = States[name];
    if (state === undefined) {
      defects.push(`no state ${name}`);
      continue;
    }
    const exits = exitsOf(state);
    if (exits.length === 0 && !state.End && !["Succeed", "Fail"].includes(state.Type)) {
      defects.push(`${name} leads nowhere`);
    }
    if (state.Type === "Choice" && state.Default === undefined) defects.push(`${name} has no default`);
    if (state.Type === "Map") {
      defects.push(
        ...findDefects(mapSchema.parse(state).ItemProcessor).map((defect) => `${name}: ${defect}`),
      );
    }
    waiting.push(...exits);
  }
  return [
    ...defects,
    ...Object.keys(States)
      .filter((name) => !reached.has(name))
      .map((name) => `${name} is never reached`),
  ];
}

function exitsOf({ Next, Default, Choices, Catch }: State): readonly string[] {
  const direct = [Next, Default].filter((name) => name !== undefined);
  return [...direct, ...[...Choices, ...Catch].map((exit) => exit.Next)];
}

/** What a definition asks of other services. */
export interface Task {
  readonly state: string;
  /** The integration: `arn:aws:states:::lambda:invoke`. */
  readonly resource: string;
  /** The function or machine it calls; undefined for what a map reads. */
  readonly target: string | undefined;
  /** `$` where the state's input is handed on. */
  readonly payload: unknown;
}

/** Every call a definition makes, those of its maps included. */
export function listTasks(definition: unknown): readonly Task[] {
  const { States } = machineSchema.parse(definition);
  return Object.entries(States).flatMap(([name, state]): readonly Task[] => {
    if (state.Type === "Map") {
      const { ItemReader, ItemProcessor, ItemSelector } = mapSchema.parse(state);
      const read = { state: name, resource: ItemReader.Resource, target: undefined, payload: undefined };
      // A map's children are handed the selected item.
      return [read, ...listTasks(ItemProcessor).map((task) => ({ ...task, payload: ItemSelector }))];
    }
    if (state.Resource === undefined) return [];
    const { FunctionName, StateMachineArn, Payload } = state.Parameters ?? { Payload: undefined };
    return [
      { state: name, resource: state.Resource, target: FunctionName ?? StateMachineArn, payload: Payload },
    ];
  });
}
