import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SyncError } from "../../core/errors.ts";
import { projectRoot } from "../setup/folders.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** A stack's file, as Pulumi and `--config` have it. */
export interface StackFile {
  /** `aws:region`. */
  readonly region: string;
  /** What stands under `trueup:`. */
  readonly config: JsonObject;
}

const DEFAULT_REGION = "us-east-1";
const NAMESPACE = "trueup:";

/**
 * Reads a stack's configuration.
 *
 * @param configFile - a file to use instead of the stack's own
 * @throws SyncError `STACK_UNKNOWN` without such a file, `CONFIGURATION_INVALID` when it is no stack file
 */
export function readStackFile(stack: string, configFile?: string): StackFile {
  const file = configFile ?? join(projectRoot, `stacks/Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw unknownStack(stack, file);
  const config = readConfig(file);
  const ours = Object.entries(config).filter(([name]) => name.startsWith(NAMESPACE));
  return {
    region: String(config["aws:region"] ?? DEFAULT_REGION),
    config: Object.fromEntries(ours.map(([name, value]) => [name.slice(NAMESPACE.length), value])),
  };
}

function readConfig(file: string): JsonObject {
  try {
    const content: Json = parse(readFileSync(file, "utf8"));
    const config = isObject(content) ? content["config"] : undefined;
    if (isObject(config)) return config;
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : "it is no YAML file", cause);
  }
  throw invalid(file, "it has no `config:`", undefined);
}

function unknownStack(stack: string, file: string): SyncError {
  const names = readdirSync(join(projectRoot, "stacks"))
    .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return new SyncError("STACK_UNKNOWN", "the stack has no file", {
    subject: `${stack}, ${file}`,
    fix: `name one of ${names.join(", ")}, or give --config`,
    retryable: false,
  });
}

function invalid(file: string, what: string, cause: unknown): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "a stack file cannot be read", {
    subject: `${file}: ${what}`,
    fix: "write it as stacks/Pulumi.local.yaml is written",
    retryable: false,
    cause,
  });
}
