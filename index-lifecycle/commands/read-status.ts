import { toGenerationStatus } from "../../core/generation-status.ts";
import type { GenerationControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { TableStatus } from "../../core/table-status.ts";
import { gateLimits, gatherFacts } from "../gather-facts.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

/** Says where every generation of a table is, oldest first. Changes nothing. */
export async function readStatus(deps: LifecycleDeps, table: TableDescriptor): Promise<TableStatus> {
  const control = await deps.control.read(table.table);
  const aliasIndexes = (await deps.admin.aliasMembers(table.alias)).map(({ index }) => index);
  const generations = Object.values(control.generations).toSorted(byAge);
  const facts = await Promise.all(
    generations.map((generation) => gatherFacts(deps, table, generation, aliasIndexes)),
  );
  const serving = facts.find(({ serves }) => serves)?.generation.generation;
  return {
    table: table.table,
    alias: table.alias,
    retired: control.retired,
    ...(serving === undefined ? {} : { serving }),
    ...(control.pinned === undefined ? {} : { pinned: control.pinned }),
    generations: facts.map((known) => toGenerationStatus(known, gateLimits(deps, table))),
  };
}

function byAge(a: GenerationControl, b: GenerationControl): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0;
}
