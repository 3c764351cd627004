import { MAXIMUM_GENERATIONS } from "../generation.ts";
import type { DeclaredStack, DeclaredTable } from "./declared-stack.ts";
import { buildMinutes, type TableSize } from "./estimate-duration.ts";

/** A table as the deployed stack has it. */
export interface DeployedTable {
  readonly table: string;
  readonly generations: readonly string[];
  /** The generation searches use; undefined where none does, or where it is not known. */
  readonly serving: string | undefined;
}

/** What a deployment does to one generation. */
export interface PlannedChange {
  readonly table: string;
  readonly generation: string;
  readonly change: "build" | "keep" | "remove";
  /** Until it may serve, an estimate; only of a build whose table's size is known. */
  readonly minutes?: number;
  /** What follows of it for whoever deploys. */
  readonly note: string;
}

/**
 * What a deployment would build, keep and remove.
 *
 * @param deployed - empty where the stack is not deployed
 * @param sizes - of the tables whose size is known
 */
export function planChanges(
  { tables }: DeclaredStack,
  deployed: readonly DeployedTable[],
  sizes: ReadonlyMap<string, TableSize>,
): readonly PlannedChange[] {
  const declared = tables.flatMap((table) => {
    const known = deployed.find((one) => one.table === table.table);
    return [...planTable(table, known, sizes.get(table.table)), ...planRemovals(table.table, table, known)];
  });
  const gone = deployed
    .filter(({ table }) => !tables.some((one) => one.table === table))
    .flatMap((known) => planRemovals(known.table, undefined, known));
  return [...declared, ...gone];
}

function planTable(
  table: DeclaredTable,
  known: DeployedTable | undefined,
  size: TableSize | undefined,
): readonly PlannedChange[] {
  return table.generations.map((generation) => {
    const named = { table: table.table, generation: generation.generation };
    if (known?.generations.includes(generation.generation)) {
      const serves = known.serving === generation.generation;
      return { ...named, change: "keep", note: serves ? "serves, and goes on" : "goes on" };
    }
    const note = toBuildNote(table, known);
    if (size === undefined) return { ...named, change: "build", note };
    return { ...named, change: "build", minutes: buildMinutes(generation, table, size), note };
  });
}

/** What is removed goes last, so that it still counts while a new one is made. */
function toBuildNote(table: DeclaredTable, known: DeployedTable | undefined): string {
  const names = table.generations.map(({ generation }) => generation);
  if (new Set([...names, ...(known?.generations ?? [])]).size > MAXIMUM_GENERATIONS) {
    return "refused with GENERATION_LIMIT while two others exist; remove one, deploy, then add this one";
  }
  if (known?.serving === undefined) return "built; searches begin when it is clean";
  return `built beside ${known.serving}, which serves until it is clean`;
}

function planRemovals(
  table: string,
  declared: DeclaredTable | undefined,
  known: DeployedTable | undefined,
): readonly PlannedChange[] {
  const kept = new Set(declared?.generations.map(({ generation }) => generation));
  const gone = known?.generations.filter((generation) => !kept.has(generation)) ?? [];
  return gone.map((generation) => ({
    table,
    generation,
    change: "remove",
    note: known?.serving === generation ? toRefusal(table, declared) : "its index goes",
  }));
}

/** The guard refuses until another one serves. */
function toRefusal(table: string, declared: DeclaredTable | undefined): string {
  if (declared === undefined)
    return `serves: refused with GENERATION_SERVING; \`trueup retire ${table}\` first`;
  return "serves: refused with GENERATION_SERVING until the new one does; deploy again then";
}
