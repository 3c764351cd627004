import { SyncError } from "./errors.ts";
import type { Adoption, GenerationControl, TableControl } from "./table-control.ts";

/** How many generations of a table may exist at once: a DynamoDB shard bears two readers. */
export const MAXIMUM_GENERATIONS = 2;

/** What identifies a generation when its index is made. */
export type NewGeneration = Omit<
  GenerationControl,
  "load" | "buildFailure" | "gap" | "truncation" | "leaving" | "lastAudit" | "lastCleanAudit"
>;

/**
 * Registers a table, or takes its changed declaration over.
 *
 * @param retire - true forgets what served; the caller drops the alias
 */
export function registerTable(
  control: TableControl,
  { adopt, retire }: { readonly adopt: Adoption | undefined; readonly retire: boolean },
): TableControl {
  const { adopt: _before, ...rest } = control;
  const registered = { ...rest, ...(adopt === undefined ? {} : { adopt }) };
  return retire ? retireTable(registered) : { ...registered, retired: false };
}

/** Lets go of a whole table: nothing serves, nothing is pinned, nothing cuts over by itself. */
export function retireTable(control: TableControl): TableControl {
  const { serving: _serving, pinned: _pinned, adopted: _adopted, ...rest } = control;
  return { ...rest, retired: true };
}

/**
 * Adds a generation, or finds the same one again. A newer generation lifts the pin of a rollback.
 *
 * @throws SyncError `GENERATION_LIMIT` when two others exist (not retryable: one must be removed first)
 * @throws SyncError `TRANSFORM_CHANGED` when it exists with another transform (not retryable)
 */
export function addGeneration(control: TableControl, added: NewGeneration): TableControl {
  const known = control.generations[added.generation];
  if (known?.indexUuid === added.indexUuid) {
    requireSameTransform(known, added.transformHash);
    return control;
  }
  requireRoom(control, added.generation);
  const { pinned: _pinned, ...rest } = control;
  return { ...rest, generations: { ...control.generations, [added.generation]: added } };
}

/**
 * Refuses a third generation, before anything is made for it.
 *
 * @throws SyncError `GENERATION_LIMIT` (not retryable)
 */
export function requireRoom(control: TableControl, generation: string): void {
  const others = Object.keys(control.generations).filter((name) => name !== generation);
  if (others.length < MAXIMUM_GENERATIONS) return;
  throw new SyncError("GENERATION_LIMIT", "a table has at most two generations at a time", {
    subject: `${generation} beside ${others.join(" and ")}`,
    fix: "remove a generation that does not serve from the configuration, deploy, then add the new one",
    retryable: false,
  });
}

/**
 * Refuses a changed transform under an unchanged revision: the index would hold documents of both.
 *
 * @throws SyncError `TRANSFORM_CHANGED` (not retryable)
 */
export function requireSameTransform(known: GenerationControl, transformHash: string): void {
  if (known.transformHash === transformHash) return;
  throw new SyncError("TRANSFORM_CHANGED", "the transform changed but the revision did not", {
    subject: `${known.generation} was made with ${known.transformHash}, now ${transformHash}`,
    fix: 'raise "revision", or set allowTransformChange: true and let a full audit re-inject',
    retryable: false,
  });
}

/** Forgets a generation, and what pointed at it. Forgetting one never known changes nothing. */
export function removeGeneration(control: TableControl, generation: string): TableControl {
  const { [generation]: removed, ...generations } = control.generations;
  if (removed === undefined) return control;
  const { serving, pinned, ...rest } = control;
  return {
    ...rest,
    ...(serving === undefined || serving === generation ? {} : { serving }),
    ...(pinned === undefined || pinned === generation ? {} : { pinned }),
    generations,
  };
}

/**
 * Records that the alias is about to move to a generation: the guard of that one refuses from here on.
 *
 * @param pin - true for a rollback: nothing cuts over by itself until a cutover or a newer generation
 * @throws SyncError `GENERATION_UNKNOWN` (not retryable)
 * @throws SyncError `CUTOVER_REFUSED` when it is being removed (not retryable)
 */
export function serveGeneration(control: TableControl, generation: string, pin: boolean): TableControl {
  const known = requireGeneration(control, generation);
  if (known.leaving) {
    throw new SyncError("CUTOVER_REFUSED", "the generation is being removed", {
      subject: generation,
      fix: "deploy with the generation listed again, or cut over to another one",
      retryable: false,
    });
  }
  const { pinned: _pinned, ...rest } = control;
  return { ...rest, retired: false, serving: generation, ...(pin ? { pinned: generation } : {}) };
}

/** @throws SyncError `GENERATION_UNKNOWN` when index-lifecycle made no such generation (not retryable) */
export function requireGeneration(control: TableControl, generation: string): GenerationControl {
  const known = control.generations[generation];
  if (known !== undefined) return known;
  throw new SyncError("GENERATION_UNKNOWN", "the table has no such generation", {
    subject: `${generation} of ${control.table}`,
    fix: "deploy it first, or name one that `trueup status` shows",
    retryable: false,
  });
}

/** Changes one generation's record; one never known is left unknown. */
export function changeGeneration(
  control: TableControl,
  generation: string,
  change: (known: GenerationControl) => GenerationControl,
): TableControl {
  const known = control.generations[generation];
  if (known === undefined) return control;
  return { ...control, generations: { ...control.generations, [generation]: change(known) } };
}

/**
 * Notes that nothing found in a generation can be trusted to be complete. The first cause stays.
 *
 * @returns its argument where nothing changes: there is a gap already, or no such generation
 */
export function markGap(control: TableControl, generation: string, cause: string, now: number): TableControl {
  const known = control.generations[generation];
  if (known === undefined || known.gap !== undefined) return control;
  const gap = { cause, detectedAt: new Date(now).toISOString() };
  return changeGeneration(control, generation, () => ({ ...known, gap }));
}
