import { linesOf } from "./bucketed-object.ts";
import type { ObjectStore } from "./ports/object-store.ts";
import type { PositionReader } from "./ports/position-reader.ts";
import { readSentLine } from "./read-sent-line.ts";
import { stateLayout } from "./state-layout.ts";
import type { ManagedGeneration } from "./table-descriptor.ts";

/** The shard that stands for all: a pipeline does not tell which one a change came from. */
export const PIPELINE_SHARD = "pipeline";

/** More files than this are not waiting; an audit takes them in. */
const MOST_FILES = 10_000;

/**
 * Tells the newest change a managed pipeline has sent: of what the manifest has taken in, and of the last file that waits.
 *
 * @returns epoch milliseconds; undefined when it has sent none. Throws `ENGINE_FAILED` (retryable)
 */
export function makeSentUntil(store: ObjectStore, positions: PositionReader) {
  return async ({ generation, indexUuid }: ManagedGeneration): Promise<number | undefined> => {
    const known = await positions.positions(generation, indexUuid);
    const folded = known.find(({ shard }) => shard === PIPELINE_SHARD)?.time;
    const waiting = await readLastFile(store, stateLayout.sent(generation, indexUuid));
    return waiting === undefined ? folded : Math.max(waiting, folded ?? 0);
  };
}

/** Files are named by the time they were written. */
async function readLastFile(store: ObjectStore, prefix: string): Promise<number | undefined> {
  const last = (await store.list(prefix, MOST_FILES)).at(-1);
  const text = last === undefined ? undefined : await store.readText(last.key);
  const line = text === undefined ? undefined : linesOf(text).at(-1);
  return line === undefined ? undefined : readSentLine(line).time;
}
