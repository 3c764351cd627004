import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { runProgram } from "../../stacks/program.ts";
import { fakeCode } from "./fake-code-builder.ts";
import { type Recording, type RecordOptions, recordResources } from "./record-resources.ts";

/** The stacks this project ships. */
export const STACKS = ["local", "dev", "prod", "aurora"] as const;
export type StackName = (typeof STACKS)[number];

export const PROJECT_ROOT = resolve(import.meta.dirname, "../..");

/** What a shipped stack file says under `trueup:`; the local one gets the target that `trueup local up` fills in. */
export function readStackFile(stack: StackName): Record<string, unknown> {
  const { config } = parse(readFileSync(join(PROJECT_ROOT, `stacks/Pulumi.${stack}.yaml`), "utf8"));
  const ours = Object.entries<unknown>(config).filter(([key]) => key.startsWith("trueup:"));
  const declared = Object.fromEntries(ours.map(([key, value]) => [key.slice("trueup:".length), value]));
  const local = { url: "http://127.0.0.1:9200", authentication: { kind: "none" } };
  return stack === "local" ? { target: local, ...declared } : declared;
}

/** Runs a shipped stack, with code that is not built and the changes given. */
export async function recordStack(
  stack: StackName,
  options: RecordOptions & { readonly change?: (declared: Record<string, unknown>) => object } = {},
): Promise<Recording<unknown>> {
  const { change = (declared) => declared, ...rest } = options;
  return recordResources(
    () => runProgram(change(readStackFile(stack)), { stack, projectRoot: PROJECT_ROOT, code: fakeCode }),
    rest,
  );
}
