import type { ChangeEvent } from "../core/change-event.ts";
import type { ReindexRequest } from "../core/reindex-request.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import type { Rendering } from "./render-batch.ts";

/**
 * Asks for records to be read again that are indexed without one of their enrichments, once for each record.
 *
 * Before the batch is acknowledged, so that no record is forgotten; asked twice, a record is read twice, no more.
 *
 * @throws SyncError `ENGINE_FAILED` when any request was not taken (retryable)
 */
export async function requestRereads(
  { queue, newRequestId, now }: Pick<ConsumerDeps, "queue" | "newRequestId" | "now">,
  rendered: readonly { readonly event: ChangeEvent; readonly rendering: Rendering | undefined }[],
): Promise<void> {
  const waits = new Map<string, { readonly event: ChangeEvent; readonly waitMillis: number }>();
  for (const { event, rendering } of rendered) {
    if (rendering?.kind !== "rendered") continue;
    // The last change of a record says whether it still lacks something.
    if (rendering.rereadAfterMillis === undefined) waits.delete(event.recordId);
    else waits.set(event.recordId, { event, waitMillis: rendering.rereadAfterMillis });
  }
  const requests = [...waits.values()].map(({ event: { recordId, key }, waitMillis }): ReindexRequest => {
    const notBefore = now() + waitMillis;
    return { requestId: newRequestId(), reason: "enrichment", recordId, key, attempt: 1, notBefore };
  });
  if (requests.length > 0) await queue.send(requests);
}
