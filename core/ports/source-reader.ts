import type { AttributeMap } from "../attribute-value.ts";
import type { ExternalVersion } from "../external-version.ts";

/** What a source held at one moment. */
export interface ReadRecords {
  /**
   * The version of everything read. Every change that the read may not have seen has a higher one, whatever the
   * source's clocks and open transactions do.
   */
  readonly version: ExternalVersion;
  /** When the read began, epoch milliseconds. */
  readonly readAt: number;
  /** One a key, in the order given; undefined where there is no record. */
  readonly records: readonly (AttributeMap | undefined)[];
}

export interface SourceReader {
  /**
   * Reads records by key, strongly consistent: every write acknowledged before the call is seen.
   *
   * @throws SyncError `ENGINE_FAILED` when the source did not answer (retryable)
   */
  read(keys: readonly AttributeMap[]): Promise<ReadRecords>;
}
