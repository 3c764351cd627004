/** What a pipeline's sinks did since it was made. */
export interface SinkCounts {
  indexed: number;
  deleted: number;
  /** Conflicts with newer versions, which count as success. */
  superseded: number;
  /** Dead letters, or lost where no queue is declared. */
  refused: number;
  /** Bulks that were sent again, with all or with some of their writes. */
  bulkRetries: number;
  sentObjects: number;
  sentLines: number;
}

export function makeSinkCounts(): SinkCounts {
  return { indexed: 0, deleted: 0, superseded: 0, refused: 0, bulkRetries: 0, sentObjects: 0, sentLines: 0 };
}
