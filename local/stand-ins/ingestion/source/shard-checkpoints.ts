/** What became of a page of records, as far as its sinks told. */
export interface PageStatus {
  readonly sequenceNumber: string | undefined;
  readonly readAtMillis: number;
  /** Nothing comes after it: its shard has ended. */
  readonly last: boolean;
  state: "open" | "taken" | "refused";
}

/** How far a shard is after a look at its pages. `given-up`: a new consumer begins after the checkpoint. */
export interface CheckpointStep {
  readonly checkpoint: string | undefined;
  readonly outcome: "going-on" | "completed" | "given-up";
  /** Those that are still waited for. */
  readonly pages: readonly PageStatus[];
}

/**
 * Moves a shard's checkpoint over the pages that all sinks took, in the order they were read: never past one that is
 * still open.
 *
 * @param pages - in the order they were read
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/stream/ShardAcknowledgementManager.java` runMonitorAcknowledgmentLoop
 */
export function advanceCheckpoint(
  checkpoint: string | undefined,
  pages: readonly PageStatus[],
  timeoutMillis: number,
  now: number,
): CheckpointStep {
  const found = pages.findIndex(({ state }) => state !== "taken");
  const waiting = found === -1 ? pages.length : found;
  const taken = pages.slice(0, waiting);
  const reached =
    taken.findLast(({ sequenceNumber }) => sequenceNumber !== undefined)?.sequenceNumber ?? checkpoint;
  const rest = pages.slice(waiting);
  const [first] = rest;
  if (taken.at(-1)?.last === true) return { checkpoint: reached, outcome: "completed", pages: [] };
  const late = first !== undefined && now - first.readAtMillis > timeoutMillis;
  if (first?.state === "refused" || late) return { checkpoint: reached, outcome: "given-up", pages: [] };
  return { checkpoint: reached, outcome: "going-on", pages: rest };
}
