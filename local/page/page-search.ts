import type { SearchConnection } from "../../adapters/opensearch-connection.ts";

/** What the browser draws as marked: private characters, which no text should have. OpenSearch drops control characters. */
export const MARK = { begin: "\ue000", end: "\ue001" } as const;

const HITS = 20;

/**
 * Searches an alias as a person types: every word in any field, the last one perhaps not finished. Without words, the
 * documents that were written last.
 *
 * @returns OpenSearch's answer as it came, so that no number in it is rounded here
 */
export function searchAlias(connection: SearchConnection, alias: string, words: string) {
  const query =
    words === ""
      ? { match_all: {} }
      : {
          simple_query_string: { query: `${words}*`, fields: ["*"], lenient: true, default_operator: "and" },
        };
  const body = {
    query,
    size: HITS,
    track_total_hits: true,
    seq_no_primary_term: true,
    ...(words === "" ? { sort: [{ _seq_no: "desc" }] } : {}),
    highlight: {
      fields: { "*": { number_of_fragments: 0 } },
      pre_tags: [MARK.begin],
      post_tags: [MARK.end],
      require_field_match: false,
    },
  };
  const path = `/${encodeURIComponent(alias)}/_search`;
  return connection({ method: "POST", path, body: JSON.stringify(body), timeoutMillis: 10_000 });
}
