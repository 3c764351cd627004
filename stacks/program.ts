import { resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import {
  type CodeBuilder,
  DatabaseSource,
  type DatabaseSourceArgs,
  type EnvironmentDescriptor,
  type Fault,
  findDatabaseFaults,
  findEnvironmentFaults,
  findTableFaults,
  findTargetFaults,
  type GenerationArgs,
  SearchSync,
  type SearchTargetArgs,
  SyncedTable,
  type SyncedTableArgs,
  type TableSourceArgs,
  usesTransformSecrets,
} from "../components/index.ts";
import { parseStackConfig, type StackConfig } from "./config.ts";
import { configurationInvalid } from "./config-faults.ts";
import { findFileFaults, readMapping } from "./configuration-files.ts";
import { findSourceFaults } from "./source-faults.ts";

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

type TableConfig = StackConfig["tables"][string];
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
    | "bootstrap"
    | "pipeline"]?: TableConfig[Member] | undefined;
};

/**
 * The program: configuration in, resources out. A pure function of the two; nothing is read from the world
 * but the files the configuration names.
 *
 * @returns the stack's export, once everything is declared
 * @throws SyncError `CONFIGURATION_INVALID` before any resource
 */
export function runProgram(
  raw: unknown,
  options: ProgramOptions,
): Promise<pulumi.Output<EnvironmentDescriptor>> {
  const { environment, databases, declared } = checkProgram(raw, options);
  const search = new SearchSync(options.stack, environment);
  const made = new Map(
    databases.map(({ name, args }) => [name, new DatabaseSource(name, { ...args, search })]),
  );
  return declareTables(search, made, declared);
}

/** A table a turn: until the engine has answered, Pulumi keeps about 12 MB of a table, which a thousand at once would not leave. */
async function declareTables(
  search: SearchSync,
  databases: ReadonlyMap<string, DatabaseSource>,
  declared: ReturnType<typeof checkProgram>["declared"],
): Promise<pulumi.Output<EnvironmentDescriptor>> {
  for (const { name, args } of declared) {
    new SyncedTable(name, { ...args, search, source: toSource(args.source, databases) });
    await nextTurn();
  }
  return search.describe();
}

/** A source by its name under `sources:`; that it is there was checked. */
function toSource(
  source: TableConfig["source"],
  databases: ReadonlyMap<string, DatabaseSource>,
): TableSourceArgs {
  if (!("sql" in source)) return source;
  const sql = databases.get(source.sql);
  if (sql !== undefined) return { sql, table: source.table };
  throw configurationInvalid([{ propertyPath: "sources", reason: `has no ${source.sql}` }]);
}

/**
 * Checks all of a configuration that can be checked without making anything.
 *
 * @returns the arguments of the components to be made
 * @throws SyncError `CONFIGURATION_INVALID` with every fault by its path
 */
export function checkProgram(raw: unknown, { stack, projectRoot, ...made }: ProgramOptions) {
  const { target, tables, sources = {}, ...shared } = parseStackConfig(raw);
  const inNetwork = shared.network !== undefined;
  const databases = Object.entries(sources).map(([name, source]) => ({
    name,
    args: toDatabase(source, projectRoot),
  }));
  const declared = Object.entries(tables).map(([name, table]) => ({
    name,
    args: toTable(table, projectRoot),
    faults: findFileFaults(table, projectRoot),
  }));
  const readsSecrets =
    databases.length > 0 || declared.some(({ args }) => args.generations.some(usesTransformSecrets));
  const environment = {
    ...shared,
    ...made,
    target: toTarget(target),
    ...(readsSecrets ? { readsSecrets } : {}),
  };
  const faults = [
    ...findEnvironmentFaults(stack, environment).map(ofStack),
    ...databases.flatMap(({ name, args }) =>
      findDatabaseFaults(name, args, inNetwork).map((fault) => ofEntry(`sources.${name}`, fault)),
    ),
    ...findSourceFaults(tables, sources),
    ...declared.flatMap((table) =>
      [
        ...table.faults,
        ...findTableFaults(table.name, table.args),
        ...findTargetFaults(
          table.args,
          environment.target.domain !== undefined || environment.target.existingDomain !== undefined,
        ),
      ].map((fault) => ofEntry(`tables.${table.name}`, fault)),
    ),
  ];
  if (faults.length > 0) throw configurationInvalid(faults);
  return { environment, databases, declared };
}

/** Paths of jars are from the project's root. */
function toDatabase(
  source: NonNullable<StackConfig["sources"]>[string],
  projectRoot: string,
): Omit<DatabaseSourceArgs, "search"> {
  const { connect, ...rest } = source;
  if (connect === undefined) return rest;
  if (connect === "external" || !("assemble" in connect.plugin)) return { ...rest, connect };
  const jars = connect.plugin.assemble.jars.map((jar) => resolve(projectRoot, jar));
  return { ...rest, connect: { ...connect, plugin: { assemble: { jars } } } };
}

/** A table's arguments, its source still as the configuration has it. */
type DeclaredArgs = Omit<SyncedTableArgs, "search" | "source"> & Pick<TableConfig, "source">;

function toTable(table: TableConfig, projectRoot: string): DeclaredArgs {
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
    bootstrap,
    pipeline,
    ...rest
  } = table;
  const transforming = { transform, transformConfiguration, transformSecrets, allowTransformChange };
  const single = { mode, revision, mapping, settings, pipeline, bootstrap, ...transforming };
  return {
    ...rest,
    generations: (generations ?? [single]).map((generation) => toGeneration(generation, projectRoot)),
  };
}

/** The environment is named after the stack. */
function ofStack({ propertyPath, reason }: Fault): Fault {
  return { propertyPath: propertyPath === "name" ? "<the stack's name>" : propertyPath, reason };
}

/** @param entry - `tables.orders`, `sources.shop` */
function ofEntry(entry: string, { propertyPath, reason }: Fault): Fault {
  const path = propertyPath === "name" ? "" : `.${propertyPath}`;
  return { propertyPath: `${entry}${path}`, reason };
}

function toGeneration(generation: GenerationConfig, projectRoot: string): GenerationArgs {
  const { mode, mapping, transform, revision, settings, pipeline } = generation;
  const { transformConfiguration, transformSecrets, allowTransformChange, bootstrap } = generation;
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
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(transform === undefined ? {} : { transformFile: resolve(projectRoot, transform) }),
    ...(transformConfiguration === undefined ? {} : { transformConfiguration }),
    ...(transformSecrets === undefined ? {} : { transformSecrets }),
  };
}

function toTarget(target: StackConfig["target"]): SearchTargetArgs {
  return "url" in target ? { url: target } : target;
}
