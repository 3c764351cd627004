import type { AttributeMap } from "../attribute-value.ts";

export interface SourceReader {
  /**
   * Reads records by key, strongly consistent: every write acknowledged before the call is seen.
   *
   * @returns one a key, in the order given; undefined where there is no record
   * @throws SyncError `ENGINE_FAILED` when the source did not answer (retryable)
   */
  read(keys: readonly AttributeMap[]): Promise<readonly (AttributeMap | undefined)[]>;
}
