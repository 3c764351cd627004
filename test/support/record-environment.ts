import * as z from "zod";
import {
  SearchSync,
  type SearchSyncArgs,
  SyncedTable,
  type SyncedTableArgs,
} from "../../components/index.ts";
import { fakeCode } from "./fake-code-builder.ts";
import {
  type RecordedResource,
  type Recording,
  type RecordOptions,
  recordResources,
} from "./record-resources.ts";

/** Tables by name, with what differs from `{ source: { dynamodb: <name> }, generations: [{ mode: "custom" }] }`. */
type Tables = Readonly<Record<string, Partial<Omit<SyncedTableArgs, "search">>>>;

/** What a program has in hand when it is through. */
export interface MadeEnvironment {
  readonly search: SearchSync;
  /** The stack's export, once it is known. */
  environment?: unknown;
}

/** Runs a program with the environment `shop`, on an engine behind a URL unless told otherwise, and its tables. */
export async function recordEnvironment(
  args: Partial<SearchSyncArgs> = {},
  tables: Tables = { orders: {} },
  options: RecordOptions = {},
): Promise<Recording<MadeEnvironment>> {
  return recordResources(() => {
    const target = { url: { url: "https://search.example.com", authentication: { kind: "none" } } } as const;
    const search = new SearchSync("shop", { target, code: fakeCode, ...args });
    for (const [name, table] of Object.entries(tables)) {
      const generations = [{ mode: "custom" }] as const;
      new SyncedTable(name, { search, source: { dynamodb: name }, generations, ...table });
    }
    const made: MadeEnvironment = { search };
    search.describe().apply((environment) => {
      made.environment = environment;
    });
    return made;
  }, options);
}

const propertiesSchema = z.object({
  customResourceProperties: z.strictObject({ action: z.string(), spec: z.string() }),
});

/** A custom resource's action, and its spec as index-lifecycle parses it. */
export function readSpec({ inputs }: RecordedResource): { readonly action: string; readonly spec: unknown } {
  const { action, spec } = propertiesSchema.parse(inputs).customResourceProperties;
  return { action, spec: JSON.parse(spec) };
}

/** The JSON object that an input is the text of. @param path - member names */
export function readJson({ inputs }: RecordedResource, ...path: readonly string[]): Record<string, unknown> {
  let value: unknown = inputs;
  for (const name of path) value = z.record(z.string(), z.unknown()).parse(value)[name];
  return z.record(z.string(), z.unknown()).parse(JSON.parse(z.string().parse(value)));
}

/** Runs what should be refused, and returns how it was refused; nothing may have been registered by then. */
export async function recordRefusal(program: () => unknown): Promise<unknown> {
  let refusal: unknown;
  const { resources, lookups } = await recordResources(() => {
    try {
      program();
    } catch (cause) {
      refusal = cause;
    }
  });
  expect({ resources, lookups }).toEqual({ resources: [], lookups: [] });
  return refusal;
}
