/** An answer of the search engine, whatever its status. */
export interface SearchAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when the engine sent none. Digits past 2^53 are rounded: not for documents. */
  readonly body: unknown;
}

/**
 * One authenticated request to the search target, for everything but bulk writes.
 *
 * @param path - with its leading slash; names in it encoded
 * @throws SyncError `INDEX_UNAVAILABLE` when nothing answered (retryable)
 */
export type SearchSend = (
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
) => Promise<SearchAnswer>;
