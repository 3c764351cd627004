/** How far the connector came with a snapshot it was asked for. */
export type SnapshotState =
  | { readonly kind: "running" }
  /** Every row that was there is in the topic, as a `read` event. */
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly cause: string };

/** Snapshots of one table that Debezium takes chunk by chunk, beside the changes. */
export interface IncrementalSnapshots {
  /**
   * Asks for one. Asking again under the same id asks for nothing more; what the connector has begun it goes on with after
   * a crash, from the chunk it was at.
   *
   * @param id - at most 42 characters, never given to another one
   * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable), `QUERY_REFUSED` where it may not be written to
   */
  ask(id: string): Promise<void>;

  /** @throws SyncError `ENGINE_FAILED` when Kafka did not answer (retryable) */
  look(id: string): Promise<SnapshotState>;
}
