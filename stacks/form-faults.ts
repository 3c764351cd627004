import type { Fault } from "../components/index.ts";

/** What only one mode has, and why the other has not. */
const MODE_OF: Readonly<Record<string, { readonly mode: string; readonly reason: string }>> = {
  transform: {
    mode: "custom",
    reason: "belongs to mode: custom; a managed pipeline runs no code of yours, but takes processors",
  },
  allowTransformChange: { mode: "custom", reason: "belongs to mode: custom; managed mode has no transform" },
  transformConfiguration: {
    mode: "custom",
    reason: "belongs to mode: custom; managed mode has no transform",
  },
  transformSecrets: { mode: "custom", reason: "belongs to mode: custom; managed mode has no transform" },
  bootstrap: { mode: "custom", reason: "belongs to mode: custom; a managed pipeline loads by itself" },
  pipeline: { mode: "managed", reason: "belongs to mode: managed; custom mode has no pipeline" },
};

/**
 * What a schema cannot say of a table: that it declares its generations in both ways or in none, and what one mode has
 * and the other has not. Looked for apart, to be told beside other faults.
 *
 * @param ofGeneration - the members a generation has
 */
export function findFormFaults(raw: unknown, ofGeneration: readonly string[]): readonly Fault[] {
  const tables = toRecord(toRecord(raw)["tables"]);
  return Object.entries(tables).flatMap(([name, table]) => {
    const declared = toRecord(table);
    if (declared !== table) return [];
    const path = `tables.${name}`;
    const listed = Array.isArray(declared["generations"]) ? declared["generations"] : [];
    return [
      ...bothFaults(path, declared, ofGeneration),
      ...modeFaults(path, declared),
      ...listed.flatMap((generation, place) =>
        modeFaults(`${path}.generations[${place}]`, toRecord(generation)),
      ),
    ];
  });
}

function bothFaults(
  path: string,
  declared: Readonly<Record<string, unknown>>,
  ofGeneration: readonly string[],
): readonly Fault[] {
  const single = ofGeneration.filter((key) => declared[key] !== undefined);
  const listed = declared["generations"] !== undefined;
  if (listed && single[0] !== undefined) {
    const reason = `is one generation's shorthand; move ${single.join(", ")} into "generations"`;
    return [{ propertyPath: `${path}.${single[0]}`, reason }];
  }
  const none = !listed && declared["mode"] === undefined;
  return none
    ? [{ propertyPath: `${path}.mode`, reason: 'is required: mode: managed or custom, or "generations"' }]
    : [];
}

function modeFaults(path: string, declared: Readonly<Record<string, unknown>>): readonly Fault[] {
  return Object.entries(MODE_OF).flatMap(([key, { mode, reason }]) => {
    const isWrong =
      declared[key] !== undefined && declared["mode"] !== undefined && declared["mode"] !== mode;
    return isWrong ? [{ propertyPath: `${path}.${key}`, reason }] : [];
  });
}

const NOTHING: Readonly<Record<string, unknown>> = {};

/** The value itself where it is an object. */
function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : NOTHING;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
