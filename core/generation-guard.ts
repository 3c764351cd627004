import { SyncError } from "./errors.ts";
import { changeGeneration } from "./generation.ts";
import type { TableControl } from "./table-control.ts";

/**
 * Lets a generation go, unless it serves: the one decision that stands between a deploy and lost searches.
 *
 * Marks it as leaving, so that a cutover at the same moment finds it gone: both decide on this one record,
 * and its conditional put lets only one of them win.
 *
 * @param aliasIndexes - what the search alias points at, read from the engine
 * @throws SyncError `GENERATION_SERVING` while the alias points there or is about to, unless the table is
 * retired (not retryable: the next deploy after a cutover succeeds)
 */
export function releaseGeneration(
  control: TableControl,
  generation: string,
  aliasIndexes: readonly string[],
): TableControl {
  const known = control.generations[generation];
  if (known === undefined) return control;
  const serves = control.serving === generation || aliasIndexes.includes(known.index);
  if (serves && !control.retired) throw generationServing(generation, control.table);
  return changeGeneration(control, generation, (before) => ({ ...before, leaving: true }));
}

/** The refusal of every step that would take away what searches use. */
export function generationServing(generation: string, table: string): SyncError {
  return new SyncError("GENERATION_SERVING", "the search alias still points at this generation", {
    subject: generation,
    fix: `run \`trueup wait ${table}\` until another generation serves, then deploy again; to remove the whole table set retire: true`,
    retryable: false,
  });
}
