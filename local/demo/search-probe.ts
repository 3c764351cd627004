import { setTimeout as wait } from "node:timers/promises";
import { postJson } from "./search-calls.ts";

/** What searches met while the alias moved. */
export interface ProbeCounts {
  readonly searches: number;
  /** Searches that got no answer, an error, or an answer of some shards only. */
  readonly failures: number;
  /** Searches that returned fewer documents than there are. */
  readonly shortResults: number;
}

const SEARCHERS = 2;
const PAUSE_MILLIS = 10;

/**
 * Searches an alias for documents that nobody writes, over and over, as an application would.
 *
 * @param ids - records that exist all the while, so that every one of them must be found every time
 */
export function startSearchProbe(search: string, alias: string, ids: readonly string[]) {
  const counts = { searches: 0, failures: 0, shortResults: 0 };
  let running = true;
  const query = { size: ids.length, _source: false, query: { ids: { values: ids } } };

  async function searchOnce(): Promise<void> {
    counts.searches += 1;
    try {
      const {
        hits,
        timed_out: timedOut,
        _shards: shards,
      } = await postJson(`${search}/${alias}/_search`, query);
      if (timedOut === true || (shards?.failed ?? 1) > 0) counts.failures += 1;
      else if (new Set(hits?.hits.map(({ _id: id }) => id)).size < ids.length) counts.shortResults += 1;
    } catch {
      counts.failures += 1;
    }
  }

  const searchers = Array.from({ length: SEARCHERS }, async () => {
    for (; running; await wait(PAUSE_MILLIS)) await searchOnce();
  });
  return {
    counts: (): ProbeCounts => ({ ...counts }),
    stop: async (): Promise<ProbeCounts> => {
      running = false;
      await Promise.all(searchers);
      return { ...counts };
    },
  };
}
