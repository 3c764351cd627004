import type { AttributeMap } from "../attribute-value.ts";

/** The attribute a touch writes: epoch milliseconds. */
export const TOUCHED_ATTRIBUTE = "_trueup_touched";

export interface SourceToucher {
  /**
   * Writes {@link TOUCHED_ATTRIBUTE} into a record, so that its stream tells of it again. A record that is gone stays so.
   *
   * @throws SyncError `ENGINE_FAILED` when the source did not answer (retryable)
   */
  touch(key: AttributeMap): Promise<void>;
}
