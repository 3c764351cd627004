import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Fault, type IndexMapping, readMappingModule } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

type TableConfig = StackConfig["tables"][string];

/** Every file a table names that is not there or cannot be read, by its path in the configuration of the table. */
export function findFileFaults(table: TableConfig, projectRoot: string): readonly Fault[] {
  const { generations } = table;
  if (generations === undefined) return faultsOf(table, projectRoot, "");
  return generations.flatMap((generation, place) =>
    faultsOf(generation, projectRoot, `generations[${place}].`),
  );
}

function faultsOf(
  { mapping, transform }: Pick<TableConfig, "mapping" | "transform">,
  projectRoot: string,
  path: string,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (mapping !== undefined && readMapping(resolve(projectRoot, mapping)) === undefined) {
    const reason = `must be a JSON file with a mapping body or a module that exports one, from the project's root; got ${mapping}`;
    faults.push({ propertyPath: `${path}mapping`, reason });
  }
  if (transform !== undefined && !existsSync(resolve(projectRoot, transform))) {
    const reason = `must be a module, from the project's root; got ${transform}`;
    faults.push({ propertyPath: `${path}transform`, reason });
  }
  return faults;
}

/** @returns undefined when the file is absent or holds no mapping, as JSON or as a module's export */
export function readMapping(file: string): IndexMapping | undefined {
  if (/\.m?[jt]s$/.test(file)) return readMappingModule(file);
  try {
    const mapping: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isMapping(mapping) ? mapping : undefined;
  } catch {
    return undefined;
  }
}

/** That its members are a mapping's, OpenSearch says. */
function isMapping(value: unknown): value is IndexMapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
