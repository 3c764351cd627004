import type { GateLimits } from "../core/cutover-gate.ts";
import type { StatusFacts } from "../core/generation-status.ts";
import type { GenerationControl } from "../core/table-control.ts";
import type { GenerationDescriptor, TableDescriptor } from "../core/table-descriptor.ts";
import type { LifecycleAccess, LifecycleDeps } from "./lifecycle-deps.ts";

/**
 * Reads all the gate and the status need of one generation, at one moment.
 *
 * @param aliasIndexes - what the search alias points at
 */
export async function gatherFacts(
  deps: LifecycleDeps,
  table: TableDescriptor,
  generation: GenerationControl,
  aliasIndexes: readonly string[],
): Promise<StatusFacts> {
  const descriptor = table.generations.find((known) => known.generation === generation.generation);
  const access = deps.accessAs(table.access.lifecycleRoleArn);
  const [facts, documents, lagSeconds, deadLetters] = await Promise.all([
    deps.admin.findIndex(generation.index),
    deps.admin.countDocuments(generation.index),
    readLag(
      access,
      table,
      descriptor,
      generation.load === undefined ? 0 : Date.parse(generation.load.exportTime),
    ),
    countDeadLetters(access, descriptor),
  ]);
  return {
    generation,
    lagSeconds,
    deadLetters,
    indexIntact: facts?.indexUuid === generation.indexUuid,
    now: deps.now(),
    documents,
    serves: aliasIndexes.includes(generation.index),
  };
}

/** The limits of the gate for one table. A clean audit older than the time between two full ones proves nothing. */
export function gateLimits(deps: LifecycleDeps, table: TableDescriptor): GateLimits {
  return {
    maximumLagSeconds: deps.maximumCutoverLagSeconds,
    maximumAuditAgeDays: Math.max(1, table.audit.fullEveryDays),
  };
}

/** A generation the configuration no longer lists has no consumer that could be asked: its lag is not known. */
async function readLag(
  { lag }: LifecycleAccess,
  table: TableDescriptor,
  generation: GenerationDescriptor | undefined,
  loadedUntil: number,
): Promise<number | undefined> {
  return generation === undefined ? undefined : lag.lagSeconds(table, generation, loadedUntil);
}

async function countDeadLetters(
  { deadLetters }: LifecycleAccess,
  generation: GenerationDescriptor | undefined,
): Promise<number> {
  return generation === undefined ? 0 : deadLetters.count(generation.deadLetterQueueUrl);
}
