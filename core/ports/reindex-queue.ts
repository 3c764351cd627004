import type { ReindexRequest } from "../reindex-request.ts";

/** How requests travel. */
export interface Packing {
  /**
   * Many to a message, which are then read at once; those of one record are not serialised. Only where a later read has
   * a later version whatever the clocks say: re-reads of databases.
   *
   * @default false
   */
  readonly together: boolean;
}

export interface ReindexQueue {
  /**
   * Sends requests to a generation's reindex queue, each under its record's group.
   *
   * @throws SyncError `ENGINE_FAILED` when any was not taken (retryable; sending again is safe)
   */
  send(requests: readonly ReindexRequest[], packing?: Packing): Promise<void>;
}
