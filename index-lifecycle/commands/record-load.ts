import { changeGeneration, requireGeneration } from "../../core/generation.ts";
import {
  type LifecycleCommand,
  type LoadAnswer,
  MAXIMUM_RESUMED_EXPORT_AGE_MILLIS,
} from "../../core/lifecycle-command.ts";
import type { GenerationControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

type LoadCommand = Extract<
  LifecycleCommand,
  { readonly command: "load-started" | "load-finished" | "load-failed" | "gap" }
>;

/**
 * Records what became of a bulk load, or that a gap was found. Recording the same thing twice changes nothing.
 *
 * @throws SyncError `GENERATION_UNKNOWN` when the generation was removed meanwhile (not retryable)
 */
export async function recordLoad(deps: LifecycleDeps, command: LoadCommand): Promise<LoadAnswer> {
  const { table, generation } = command;
  const at = new Date(deps.now()).toISOString();
  await deps.control.update(table.table, (current) => {
    requireGeneration(current, generation);
    return changeGeneration(current, generation, (known) => applyLoad(known, command, at));
  });
  if (command.command === "load-failed" || command.command === "gap") {
    await deps.announcer.announce({
      subject: `Trueup: ${command.command === "gap" ? "gap found in" : "build failed of"} ${generation}`,
      detail: { table: table.table, generation, cause: command.cause },
    });
  }
  return { load: "recorded" };
}

/**
 * Tells a build where to begin: a load that is done is not done again, one that broke off is gone on with.
 * What the build before it failed of is forgotten.
 *
 * @throws SyncError `GENERATION_UNKNOWN` (not retryable)
 */
export async function resumeLoad(
  { control, now }: LifecycleDeps,
  table: TableDescriptor,
  generation: string,
): Promise<LoadAnswer> {
  const begun = await control.update(table.table, (current) =>
    changeGeneration(current, generation, ({ buildFailure: _before, ...known }) => known),
  );
  const { load } = requireGeneration(begun, generation);
  if (load?.state === "done") return { load: "done" };
  if (load === undefined) return { load: "start" };
  const { exportArn, exportTime } = load;
  const isFresh = now() - Date.parse(exportTime) < MAXIMUM_RESUMED_EXPORT_AGE_MILLIS;
  return isFresh ? { load: "resume", exportArn, exportTime } : { load: "start" };
}

function applyLoad(known: GenerationControl, command: LoadCommand, at: string): GenerationControl {
  switch (command.command) {
    case "load-started":
      return startLoad(known, command, at);
    case "load-finished":
      return finishLoad(known, command.documents, at);
    case "load-failed":
      return { ...failLoad(known, at), buildFailure: { cause: command.cause, at } };
    case "gap":
      return { ...known, gap: known.gap ?? { cause: command.cause, detectedAt: at } };
  }
}

/** A build that is started again with the same export goes on where it was; a load that is done stays done. */
function startLoad(
  known: GenerationControl,
  { exportArn, exportTime, files }: Extract<LoadCommand, { command: "load-started" }>,
  at: string,
): GenerationControl {
  const { load } = known;
  if (load?.state === "done") return known;
  const startedAt = load?.exportArn === exportArn ? load.startedAt : at;
  const counted = files === undefined ? {} : { files };
  return { ...known, load: { exportArn, exportTime, state: "open", startedAt, ...counted } };
}

function finishLoad(
  known: GenerationControl,
  documents: number | undefined,
  finishedAt: string,
): GenerationControl {
  const { load } = known;
  if (load === undefined || load.state === "done") return known;
  const counted = documents === undefined ? {} : { documents };
  return { ...known, load: { ...load, state: "done", finishedAt, ...counted } };
}

/** A build can also fail after its load: the load itself is done then, and stays so. */
function failLoad(known: GenerationControl, finishedAt: string): GenerationControl {
  const { load } = known;
  if (load === undefined || load.state === "done") return known;
  return { ...known, load: { ...load, state: "failed", finishedAt } };
}
