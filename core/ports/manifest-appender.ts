import type { ManifestSegment } from "../manifest-entry.ts";

export interface ManifestAppender {
  /**
   * Makes a segment durable. Appending the same one twice does no harm: the fold is commutative and idempotent.
   *
   * @throws SyncError `ENGINE_FAILED` when the store did not take it (retryable)
   */
  append(segment: ManifestSegment): Promise<void>;
}
