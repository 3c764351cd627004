/** A state machine's definition, as far as {@link runStateMachine} reads it. */
interface State {
  readonly Type: string;
  readonly [member: string]: unknown;
}

/** What a run reaches: functions by payload, S3's JSON arrays, and what a wait means. */
export interface MachineWorld {
  readonly invoke: (payload: unknown) => Promise<unknown>;
  readonly readArray: (key: string) => Promise<readonly unknown[]>;
  readonly onWait: () => Promise<void>;
  readonly executionName: string;
}

const MAXIMUM_STATES = 10_000;

/** Runs a definition in memory: Task, Choice, Wait, Pass, Map over S3, Succeed and Fail, with JSONPath. No retries. */
export async function runStateMachine(
  definition: { readonly StartAt: string; readonly States: Readonly<Record<string, State>> },
  input: unknown,
  world: MachineWorld,
): Promise<readonly string[]> {
  const visited: string[] = [];
  let data = input;
  let name: string | undefined = definition.StartAt;
  for (let count = 0; name !== undefined && count < MAXIMUM_STATES; count += 1) {
    visited.push(name);
    const state: State | undefined = definition.States[name];
    if (state === undefined) throw new Error(`no state ${name}`);
    if (state.Type === "Succeed") return visited;
    if (state.Type === "Fail") throw new Error(`failed: ${JSON.stringify(read(data, "$.failure"))}`);
    const step = await take(state, data, world);
    data = step.data;
    name = step.next;
  }
  return visited;
}

async function take(
  state: State,
  data: unknown,
  world: MachineWorld,
): Promise<{ data: unknown; next?: string }> {
  const next = typeof state["Next"] === "string" ? { next: state["Next"] } : {};
  const context = { Execution: { Name: world.executionName } };
  switch (state.Type) {
    case "Choice":
      return { data, next: choose(state, data) };
    case "Wait":
      await world.onWait();
      return { data, ...next };
    case "Pass":
      return {
        data: put(data, state["ResultPath"], fill(state["Parameters"] ?? state["Result"], data, context)),
        ...next,
      };
    case "Task": {
      const payload = read(fill(state["Parameters"], data, context), "$.Payload");
      const answer = JSON.parse(JSON.stringify((await world.invoke(payload)) ?? null));
      return { data: put(data, state["ResultPath"], { answer }), ...next };
    }
    case "Map": {
      const source = fill(read(state["ItemReader"], "$.Parameters"), data, context);
      const processor: { StartAt: string; States: Record<string, State> } = JSON.parse(
        JSON.stringify(state["ItemProcessor"]),
      );
      for (const item of await world.readArray(String(read(source, "$.Key")))) {
        const selected = fill(state["ItemSelector"], data, { ...context, Map: { Item: { Value: item } } });
        await runStateMachine(processor, selected, world);
      }
      return { data, ...next };
    }
    default:
      throw new Error(`state type ${state.Type}`);
  }
}

function choose(state: State, data: unknown): string {
  for (const choice of Array.isArray(state["Choices"]) ? state["Choices"] : []) {
    const value = read(data, choice.Variable);
    if ("StringEquals" in choice && value === choice.StringEquals) return choice.Next;
    if ("BooleanEquals" in choice && value === choice.BooleanEquals) return choice.Next;
    if ("NumericGreaterThan" in choice && Number(value) > choice.NumericGreaterThan) return choice.Next;
  }
  return String(state["Default"]);
}

function fill(template: unknown, data: unknown, context: unknown): unknown {
  if (Array.isArray(template)) return template.map((part) => fill(part, data, context));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => {
      if (!name.endsWith(".$")) return [name, fill(value, data, context)];
      const path = String(value);
      if (path.startsWith("States.Format"))
        return [name.slice(0, -2), JSON.stringify(read(data, "$.failure"))];
      return [name.slice(0, -2), path.startsWith("$$") ? read(context, path.slice(1)) : read(data, path)];
    }),
  );
}

function read(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split(".").slice(1)) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    if (value === undefined) throw new Error(`nothing at ${path}`);
  }
  return value;
}

function put(data: unknown, path: unknown, value: unknown): unknown {
  if (path === null) return data;
  if (path === undefined || typeof path !== "string") return value;
  return { ...(typeof data === "object" ? data : {}), [path.slice(2)]: value };
}
