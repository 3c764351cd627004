import { toManifestEntry } from "../core/to-manifest-entry.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import type { Reread } from "./read-again.ts";
import { appendSegment } from "./write-batch.ts";

/** No write has these numbers: whatever the index acknowledges is later. */
const NOT_ACKNOWLEDGED = { seqNo: 0, primaryTerm: 0 };

/**
 * Names in the manifest the documents that a re-read is about to make and the manifest does not know.
 *
 * A re-read that dies is made again, and by then its record may make other documents. Without its name, the
 * first one's document would stay, and nobody could tell whose it was. Durable before the first write.
 *
 * Where the manifest knows them all, nothing is put.
 *
 * @throws SyncError `ENGINE_FAILED` when the manifest cannot be written (retryable)
 */
export async function announceRereads(
  deps: Pick<ConsumerDeps, "manifest" | "generation">,
  rereads: readonly Pick<Reread, "writes" | "known">[],
): Promise<void> {
  const { transformHash } = deps.generation;
  const known = new Set(rereads.flatMap((reread) => reread.known));
  const unknown = rereads.flatMap(({ writes }) => writes.filter(({ id }) => !known.has(id)));
  const entries = unknown.map((write) => ({
    ...toManifestEntry({ ...write, tied: false, firstEvent: 0 }, NOT_ACKNOWLEDGED, transformHash),
    fingerprint: "" as const,
    state: "announced" as const,
  }));
  await appendSegment(deps, "reindex", entries);
}
