import { type Fault, findBootstrapFaults, findSqlTableFaults } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

type Tables = StackConfig["tables"];
type Sources = NonNullable<StackConfig["sources"]>;

/** What tables and sources say of each other that cannot be. */
export function findSourceFaults(tables: Tables, sources: Sources): readonly Fault[] {
  return [
    ...Object.entries(tables).flatMap(([name, table]) => tableFaults(name, table, sources)),
    ...Object.entries(sources).flatMap(([name, source]) => sharingFaults(name, source, tables)),
  ];
}

function tableFaults(name: string, table: Tables[string], sources: Sources): readonly Fault[] {
  const { source } = table;
  const path = `tables.${name}`;
  if (!("sql" in source)) return findBootstrapFaults(table.generations ?? [table]).map(under(path, table));
  const database = sources[source.sql];
  if (database === undefined) {
    const known = Object.keys(sources);
    const fix = known.length === 0 ? 'declare it under "sources"' : `use one of ${known.join(", ")}`;
    return [{ propertyPath: `${path}.source.sql`, reason: `names no source: ${source.sql}; ${fix}` }];
  }
  const generations = modesOf(table).map((mode) => ({ mode }));
  const faults = findSqlTableFaults({ tableName: source.table, generations }, database);
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

function sharingFaults(name: string, { managedPipeline }: Sources[string], tables: Tables): readonly Fault[] {
  if (managedPipeline === undefined) return [];
  const isManaged = Object.values(tables).some(
    (table) => "sql" in table.source && table.source.sql === name && modesOf(table).includes("managed"),
  );
  if (isManaged) return [];
  const reason = "is for tables in managed mode, and the source has none; remove it";
  return [{ propertyPath: `sources.${name}.managedPipeline`, reason }];
}

function modesOf({ mode, generations }: Tables[string]): readonly ("managed" | "custom")[] {
  if (generations !== undefined) return generations.map((generation) => generation.mode);
  return mode === undefined ? [] : [mode];
}
