import { resolve } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import {
  type CodeBuilder,
  type EnvironmentDescriptor,
  type Fault,
  findEnvironmentFaults,
  findTableFaults,
  findTargetFaults,
  type GenerationArgs,
  SearchSync,
  type SearchTargetArgs,
  SyncedTable,
  type SyncedTableArgs,
  usesTransformSecrets,
} from "../components/index.ts";
import { parseStackConfig, type StackConfig } from "./config.ts";
import { configurationInvalid } from "./config-faults.ts";
import { findFileFaults, readMapping } from "./configuration-files.ts";

/** What the program is run with beside its configuration. */
export interface ProgramOptions {
  /** The environment's name: the stack's. */
  readonly stack: string;
  /** Paths in the configuration are relative to it. */
  readonly projectRoot: string;
  readonly errorHooks?: readonly pulumi.ErrorHook[];
  /** @default esbuild over this package's sources */
  readonly code?: CodeBuilder;
}

type GenerationConfig = {
  readonly [Member in
    | "mode"
    | "revision"
    | "mapping"
    | "transform"
    | "settings"
    | "transformConfiguration"
    | "transformSecrets"
    | "allowTransformChange"
    | "pipeline"]?: StackConfig["tables"][string][Member] | undefined;
};

/**
 * The program: configuration in, resources out. A pure function of the two; nothing is read from the world
 * but the files the configuration names.
 *
 * @throws SyncError `CONFIGURATION_INVALID` before any resource
 */
export function runProgram(raw: unknown, options: ProgramOptions): pulumi.Output<EnvironmentDescriptor> {
  const { environment, declared } = checkProgram(raw, options);
  const search = new SearchSync(options.stack, environment);
  for (const { name, args } of declared) new SyncedTable(name, { ...args, search });
  return search.describe();
}

/**
 * Checks all of a configuration that can be checked without making anything.
 *
 * @returns the arguments of the components to be made
 * @throws SyncError `CONFIGURATION_INVALID` with every fault by its path
 */
export function checkProgram(raw: unknown, { stack, projectRoot, ...made }: ProgramOptions) {
  const { target, tables, network, ...shared } = parseStackConfig(raw);
  const declared = Object.entries(tables).map(([name, table]) => ({
    name,
    args: toTable(table, projectRoot),
    faults: findFileFaults(table, projectRoot),
  }));
  const environment = { ...shared, ...toNetwork(network, declared), ...made, target: toTarget(target) };
  const faults = [
    ...findEnvironmentFaults(stack, environment).map(ofStack),
    ...declared.flatMap((table) =>
      [
        ...table.faults,
        ...findTableFaults(table.name, table.args),
        ...findTargetFaults(table.args, !("url" in environment.target)),
      ].map((fault) => ofTable(table.name, fault)),
    ),
  ];
  if (faults.length > 0) throw configurationInvalid(faults);
  return { environment, declared };
}

function toTable(table: StackConfig["tables"][string], projectRoot: string): Omit<SyncedTableArgs, "search"> {
  const {
    generations,
    mode,
    revision,
    mapping,
    transform,
    settings,
    transformConfiguration,
    transformSecrets,
    allowTransformChange,
    pipeline,
    ...rest
  } = table;
  const transforming = { transform, transformConfiguration, transformSecrets, allowTransformChange };
  const single = { mode, revision, mapping, settings, pipeline, ...transforming };
  return {
    ...rest,
    generations: (generations ?? [single]).map((generation) => toGeneration(generation, projectRoot)),
  };
}

/** The environment is named after the stack. */
function ofStack({ propertyPath, reason }: Fault): Fault {
  return { propertyPath: propertyPath === "name" ? "<the stack's name>" : propertyPath, reason };
}

function ofTable(name: string, { propertyPath, reason }: Fault): Fault {
  const path = propertyPath === "name" ? "" : `.${propertyPath}`;
  return { propertyPath: `tables.${name}${path}`, reason };
}

function toGeneration(generation: GenerationConfig, projectRoot: string): GenerationArgs {
  const { mode, mapping, transform, revision, settings, pipeline } = generation;
  const { transformConfiguration, transformSecrets, allowTransformChange } = generation;
  const common = {
    ...(revision === undefined ? {} : { revision }),
    ...(settings === undefined ? {} : { settings }),
    ...(mapping === undefined ? {} : { mapping: readMapping(resolve(projectRoot, mapping)) ?? {} }),
  };
  if (mode === "managed") return { mode, ...common, ...(pipeline === undefined ? {} : { pipeline }) };
  return {
    mode: "custom",
    ...common,
    ...(allowTransformChange === undefined ? {} : { allowTransformChange }),
    ...(transform === undefined ? {} : { transformFile: resolve(projectRoot, transform) }),
    ...(transformConfiguration === undefined ? {} : { transformConfiguration }),
    ...(transformSecrets === undefined ? {} : { transformSecrets }),
  };
}

function toNetwork(
  network: StackConfig["network"],
  declared: readonly { readonly args: { readonly generations: readonly GenerationArgs[] } }[],
) {
  if (network === undefined) return {};
  const readsSecrets = declared.some(({ args }) => args.generations.some(usesTransformSecrets));
  return { network: readsSecrets ? { ...network, readsSecrets } : network };
}

function toTarget(target: StackConfig["target"]): SearchTargetArgs {
  return "url" in target ? { url: target } : target;
}
