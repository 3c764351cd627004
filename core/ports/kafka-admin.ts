import type { TopicSettings } from "../debezium/connector-configuration.ts";

/**
 * Topics and consumer groups of a Kafka. Everything is idempotent.
 *
 * Every method throws SyncError `ENGINE_FAILED` when Kafka did not answer, or refused (retryable).
 */
export interface KafkaAdmin {
  /**
   * Makes a topic. One that is there is left as it is.
   *
   * @returns how many partitions it has
   */
  makeTopic(topic: string, settings: TopicSettings): Promise<number>;

  /** The topics whose names begin so. */
  listTopics(prefix: string): Promise<readonly string[]>;

  /** Deletes topics, with all that is in them; those that are not there are left alone. */
  deleteTopics(topics: readonly string[]): Promise<void>;

  /**
   * Deletes the consumer groups that have read one of these topics and have no member left.
   *
   * @param prefix - what the groups' names begin with
   */
  deleteGroups(prefix: string, topics: readonly string[]): Promise<void>;
}
