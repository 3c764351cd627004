import type { ReadOffset } from "../offset-gap.ts";

export interface OffsetReader {
  /**
   * Up to where a partition's records were acknowledged, by whichever invocation.
   *
   * @returns undefined when that is not known
   * @throws SyncError `ENGINE_FAILED` when the manifest cannot be read (retryable)
   */
  last(shard: string): Promise<ReadOffset | undefined>;
}
