/** One record of a Kafka topic, its texts decoded. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When it was produced, epoch milliseconds. */
  readonly timestamp: number;
  /** Null where it has none. */
  readonly key: string | null;
  /** Null: a tombstone, which Kafka keeps for compaction. */
  readonly value: string | null;
  /** Names of its headers. */
  readonly headers: readonly string[];
}

/** What names a partition where positions are kept. */
export function shardOf({ topic, partition }: Pick<KafkaRecord, "topic" | "partition">): string {
  return `${topic}-${partition}`;
}
