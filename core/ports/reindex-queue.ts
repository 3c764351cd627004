import type { ReindexRequest } from "../reindex-request.ts";

export interface ReindexQueue {
  /**
   * Sends requests to a generation's reindex queue, each under its record's group.
   *
   * @throws SyncError `ENGINE_FAILED` when any was not taken (retryable; sending again is safe)
   */
  send(requests: readonly ReindexRequest[]): Promise<void>;
}
