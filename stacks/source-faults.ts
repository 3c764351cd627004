import {
  type DeclaredGeneration,
  type Fault,
  findBootstrapFaults,
  findSqlTableFaults,
} from "../components/index.ts";

import type { StackConfig } from "./config.ts";

type Tables = StackConfig["tables"];
type Sources = NonNullable<StackConfig["sources"]>;

/** What tables and sources say of each other that cannot be. */
export function findSourceFaults(tables: Tables, sources: Sources, inNetwork: boolean): readonly Fault[] {
  return [
    ...Object.entries(tables).flatMap(([name, table]) => tableFaults(name, table, sources, inNetwork)),
    ...Object.entries(sources).flatMap(([name, source]) => sharingFaults(name, source)),
  ];
}

function tableFaults(
  name: string,
  table: Tables[string],
  sources: Sources,
  inNetwork: boolean,
): readonly Fault[] {
  const { source } = table;
  const path = `tables.${name}`;
  if (!("sql" in source)) return findBootstrapFaults(table.generations ?? [table]).map(under(path, table));
  const database = sources[source.sql];
  if (database === undefined) {
    const known = Object.keys(sources);
    const fix = known.length === 0 ? 'declare it under "sources"' : `use one of ${known.join(", ")}`;
    return [{ propertyPath: `${path}.source.sql`, reason: `names no source: ${source.sql}; ${fix}` }];
  }
  const generations = generationsOf(table);
  const faults = findSqlTableFaults({ tableName: source.table, generations }, { ...database, inNetwork });
  return faults.map(under(path, table));
}

function under(path: string, { generations }: Tables[string]) {
  return ({ propertyPath, reason }: Fault): Fault => ({
    propertyPath: `${path}.${generations === undefined ? ofShorthand(propertyPath) : propertyPath}`,
    reason,
  });
}

/** `generations[0].mode` of a table that declares one generation by `mode` is `mode`. */
function ofShorthand(propertyPath: string): string {
  return propertyPath.replace(/^generations\[0\]\./, "");
}

function sharingFaults(name: string, { managedPipeline }: Sources[string]): readonly Fault[] {
  if (managedPipeline === undefined) return [];
  const reason =
    "is not available in this version: each table in managed mode has a pipeline of its own; remove it";
  return [{ propertyPath: `sources.${name}.managedPipeline`, reason }];
}

function generationsOf({ mode, pipeline, generations }: Tables[string]): readonly DeclaredGeneration[] {
  if (generations !== undefined) return generations;
  return mode === undefined ? [] : [{ mode, ...(pipeline === undefined ? {} : { pipeline }) }];
}
