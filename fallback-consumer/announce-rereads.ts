import type { PlannedWrite } from "../core/plan-writes.ts";
import { toManifestEntry } from "../core/to-manifest-entry.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { appendSegment } from "./write-batch.ts";

/** No write has these numbers: whatever the index acknowledges is later. */
const NOT_ACKNOWLEDGED = { seqNo: 0, primaryTerm: 0 };

/**
 * Names in the manifest the documents that a re-read is about to make and the manifest does not know.
 *
 * A re-read that dies is made again, and by then its record may make other documents. Without its name, the
 * first one's document would stay, and nobody could tell whose it was. Durable before the first write.
 *
 * @param knownIds - documents the manifest knows already; for those nothing is put
 * @throws SyncError `ENGINE_FAILED` when the manifest cannot be written (retryable)
 */
export async function announceRereads(
  deps: Pick<ConsumerDeps, "manifest" | "generation">,
  writes: readonly PlannedWrite[],
  knownIds: ReadonlySet<string>,
): Promise<void> {
  const { transformHash } = deps.generation;
  const entries = writes
    .filter(({ id }) => !knownIds.has(id))
    .map((write) => ({
      ...toManifestEntry({ ...write, tied: false, firstEvent: 0 }, NOT_ACKNOWLEDGED, transformHash),
      fingerprint: "" as const,
      state: "announced" as const,
    }));
  await appendSegment(deps, "reindex", entries);
}
