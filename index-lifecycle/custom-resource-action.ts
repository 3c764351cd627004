import type { z } from "zod";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";

/** What a request reports back: `Data` of the custom resource, strings only. */
export type ActionData = Readonly<Record<string, string>>;

/** One kind of custom resource. Every operation is idempotent: requests are delivered more than once. */
export interface ActionOperations<Spec> {
  /** The immutable physical id's part after the action's name: `<table>[/<generation>]`. */
  readonly identify: (spec: Spec) => string;
  readonly create: (spec: Spec) => Promise<ActionData>;
  /** `before`: the spec of the last successful request, where it can still be read. */
  readonly update: (spec: Spec, before: Spec | undefined) => Promise<ActionData>;
  /** Deleting what was never made succeeds. */
  readonly delete: (spec: Spec) => Promise<void>;
}

/** An action with its spec still as JSON text, so that actions of different specs fit one table. */
export interface CustomResourceAction {
  readonly identify: (spec: string) => string;
  readonly create: (spec: string) => Promise<ActionData>;
  readonly update: (spec: string, before: string | undefined) => Promise<ActionData>;
  readonly delete: (spec: string) => Promise<void>;
}

/**
 * Puts the parsing of a spec in front of an action.
 *
 * Unknown members of a spec are refused, so that a misspelt one is not ignored.
 */
export function defineAction<Spec>(
  schema: z.ZodType<Spec>,
  operations: ActionOperations<Spec>,
): CustomResourceAction {
  const parse = (text: string) => parseSpec(schema, text);
  return {
    identify: (spec) => operations.identify(parse(spec)),
    create: async (spec) => operations.create(parse(spec)),
    update: async (spec, before) => operations.update(parse(spec), tryParse(schema, before)),
    delete: async (spec) => operations.delete(parse(spec)),
  };
}

function parseSpec<Spec>(schema: z.ZodType<Spec>, text: string): Spec {
  const value = parseJson(text);
  if (value === undefined) throw invalidSpec("spec is no JSON");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `spec.${path.join(".")}: ${message}`);
  throw invalidSpec(faults.join("; "));
}

/** An earlier version's spec may have another shape; then there is nothing to compare with. */
function tryParse<Spec>(schema: z.ZodType<Spec>, text: string | undefined): Spec | undefined {
  return text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
}

function invalidSpec(subject: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "a custom resource's spec cannot be read", {
    subject,
    fix: "deploy program and functions from the same version",
    retryable: false,
  });
}
