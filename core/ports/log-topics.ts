import type { LogPartition } from "../log-horizon.ts";

/** The topics of a database's log in Kafka, looked at without a consumer group. */
export interface LogTopics {
  /** @throws SyncError `ENGINE_FAILED` when Kafka did not answer, or has no such topic (retryable) */
  partitions(topic: string): Promise<readonly LogPartition[]>;

  /**
   * When the change in a record was committed.
   *
   * @param shard - a partition, as {@link partitions} names it
   * @param offset - the first record at or after it is read
   * @returns epoch milliseconds; undefined when there is none. @throws SyncError `ENGINE_FAILED` (retryable)
   */
  timeAt(topic: string, shard: string, offset: bigint): Promise<number | undefined>;

  /**
   * Reads some records of a partition.
   *
   * @param offset - of the first
   * @returns values as text, those of empty records left out, and the offset to go on from
   * @throws SyncError `ENGINE_FAILED` (retryable)
   */
  valuesFrom(
    topic: string,
    shard: string,
    offset: bigint,
  ): Promise<{ readonly values: readonly string[]; readonly next: bigint }>;
}
