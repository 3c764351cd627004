import * as pulumi from "@pulumi/pulumi";
import { answerLookup, toOutputs } from "./physical-names.ts";

/** What a program asked Pulumi's engine for. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /** As the engine gets them: outputs resolved, unknown ones replaced by {@link UNKNOWN}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly urn: string;
  /** URN of the parent, empty for the stack's own. */
  readonly parent: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** How long its provider may take to make it: `10m`; empty for the provider's own limit. */
  readonly createTimeout: string;
  /** URNs, of `dependsOn` and of every output among the inputs; a component stands there as what it is made of. */
  readonly dependencies: readonly string[];
}

/** A look-up the program made. */
export interface RecordedLookup {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Everything a program did under mocks. */
export class Recording<Result> {
  readonly resources: RecordedResource[] = [];
  readonly lookups: RecordedLookup[] = [];
  result: Result | undefined;

  /** The one resource of that name and type; its type may be cut short: `Function`. */
  find(name: string, type: string): RecordedResource {
    const found = this.resources.filter((known) => known.name === name && known.type.endsWith(`:${type}`));
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} ${name}`);
    return only;
  }

  all(type: string): readonly RecordedResource[] {
    return this.resources.filter((known) => known.type.endsWith(`:${type}`));
  }

  /** `type name` of everything, sorted. */
  list(): readonly string[] {
    return this.resources.map(({ type, name }) => `${type} ${name}`).sort();
  }

  /** What must exist before a resource: its dependencies, theirs, and so on. */
  dependenciesOf({ dependencies }: RecordedResource): ReadonlySet<string> {
    const reached = new Set<string>();
    const waiting = [...dependencies];
    for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
      if (reached.has(urn)) continue;
      reached.add(urn);
      waiting.push(...(this.resources.find((known) => known.urn === urn)?.dependencies ?? []));
    }
    return reached;
  }
}

/** Stands among inputs for what is only known once a resource exists. */
export const UNKNOWN = "<unknown>";

/** How a program is run. */
export interface RecordOptions {
  /** A first preview: no output of any resource is known but what it was given. @default false: names and ARNs are made up */
  readonly preview?: boolean;
  /** Answers of `aws.dynamodb.getTable`. @default a table with a stream and recovery, key `id` */
  readonly table?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a program under Pulumi's mocks and returns what it asked for, once every registration is through.
 *
 * The mock engine accepts everything: it proves neither that a provider knows a property nor that AWS takes its value,
 * diffs nothing and orders nothing. Types and schemas are checked elsewhere.
 *
 * Errors have no stack meanwhile: Pulumi takes one a promise and resource, and jest's mapping of them would take two
 * thirds of the time.
 */
export async function recordResources<Result>(
  program: () => Result | Promise<Result>,
  { preview = false, table = {} }: RecordOptions = {},
): Promise<Recording<Result>> {
  const recording = new Recording<Result>();
  await pulumi.runtime.setMocks(
    {
      newResource: (made) => {
        const outputs = preview ? {} : toOutputs(made);
        return { id: preview ? undefined : `${made.name}-id`, state: { ...made.inputs, ...outputs } };
      },
      call: ({ token, inputs: asked }) => {
        recording.lookups.push({ token, inputs: asked });
        return answerLookup(token, asked, table);
      },
    },
    "trueup",
    "test",
    preview,
  );
  watchRegistrations(recording);
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = String;
  try {
    recording.result = await program();
  } finally {
    await pulumi.runtime.disconnect();
    Error.prepareStackTrace = prepareStackTrace;
  }
  return recording;
}

/** The mocks are not told of options; the request to the engine has them. */
function watchRegistrations(recording: Recording<unknown>): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("setMocks made no monitor");
  const register = monitor.registerResource;
  Reflect.set(monitor, "registerResource", (request: Request, callback: Callback) => {
    const watch: Callback = (error, response) => {
      if (error === null && request.getType() !== "pulumi:pulumi:Stack") {
        recording.resources.push(toRecorded(request, response.getUrn()));
      }
      callback(error, response);
    };
    return Reflect.apply(register, monitor, [request, watch]);
  });
}

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;
type Request = Parameters<Monitor["registerResource"]>[0];
type Callback = (error: Error | null, response: { getUrn(): string }) => void;

function toRecorded(request: Request, urn: string): RecordedResource {
  const inputs = request.getObject()?.toJavaScript() ?? {};
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, toPlain(value)])),
    urn,
    parent: request.getParent(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
    dependencies: request.getDependenciesList(),
  };
}

/** On the wire an asset is an object with a path, and what is unknown a text that nobody else writes. */
function toPlain(value: unknown): unknown {
  if (value === pulumi.runtime.unknownValue) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (pulumi.runtime.specialSigKey in value && "path" in value) return value.path;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member)]));
}
