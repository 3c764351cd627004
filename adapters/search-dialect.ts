import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";
import type { SearchConnection } from "./opensearch-connection.ts";

/** How a search engine is spoken to, where engines differ. */
export interface SearchDialect {
  /** `unnamed` is one that does not say what it is: a Serverless collection, or one whose root is closed to us. */
  readonly engine: "opensearch" | "elasticsearch" | "unnamed";
  /** Empty where it is unnamed. */
  readonly version: string;
  /** How a shard is held still: OpenSearch's own point in time, or a scroll, which every engine has. */
  readonly stillness: "point-in-time" | "scroll";
}

/** Tells the dialect of a target, asking it once. */
export type ReadDialect = () => Promise<SearchDialect>;

/** OpenSearch has points in time since 2.4. @see https://docs.opensearch.org/latest/search-plugins/searching-data/point-in-time-api/ */
const POINTS_IN_TIME_SINCE: readonly [number, number] = [2, 4];
/** `require_alias`, without which a late write makes a junk index. @see https://www.elastic.co/guide/en/elasticsearch/reference/7.10/docs-bulk.html */
const OLDEST_ELASTICSEARCH: readonly [number, number] = [7, 10];
const OLDEST_OPENSEARCH: readonly [number, number] = [1, 0];
const UNNAMED: SearchDialect = { engine: "unnamed", version: "", stillness: "point-in-time" };

const rootSchema = z.object({
  version: z.object({ number: z.string(), distribution: z.string().optional() }),
});

/**
 * Asks a target's root what it is, at first use; a failure is asked again by the next.
 *
 * One that answers as OpenSearch 1 with a version of 7.10.2 for old clients is spoken to as the Elasticsearch it
 * pretends to be, which it understands. A root that is closed (403) or absent (404) is taken for OpenSearch of today.
 *
 * The reader throws SyncError `TARGET_UNSUPPORTED` for an engine that is too old (not retryable) and
 * `INDEX_UNAVAILABLE` when nothing can be told now (retryable).
 *
 * @see https://docs.opensearch.org/latest/api-reference/cluster-api/info/ `version.distribution`, which Elasticsearch has not
 */
export function makeReadDialect(connection: SearchConnection): ReadDialect {
  let known: Promise<SearchDialect> | undefined;
  return () => {
    known ??= askRoot(connection);
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
}

async function askRoot(connection: SearchConnection): Promise<SearchDialect> {
  const { status, text } = await connection({ method: "GET", path: "/", timeoutMillis: 10_000 });
  if (status === 403 || status === 404) return UNNAMED;
  const root = status === 200 ? rootSchema.safeParse(parseJson(text)).data : undefined;
  if (root === undefined) throw unanswered(status);
  const { distribution, number } = root.version;
  return distribution === "opensearch" ? openSearch(number) : elasticsearch(number);
}

function openSearch(version: string): SearchDialect {
  requireAtLeast("OpenSearch", version, OLDEST_OPENSEARCH);
  const stillness = isAtLeast(version, POINTS_IN_TIME_SINCE) ? "point-in-time" : "scroll";
  return { engine: "opensearch", version, stillness };
}

/** Its points in time are part of x-pack, which not every distribution has. */
function elasticsearch(version: string): SearchDialect {
  requireAtLeast("Elasticsearch", version, OLDEST_ELASTICSEARCH);
  return { engine: "elasticsearch", version, stillness: "scroll" };
}

function requireAtLeast(product: string, version: string, oldest: readonly [number, number]): void {
  if (isAtLeast(version, oldest)) return;
  throw new SyncError("TARGET_UNSUPPORTED", "the search engine is too old", {
    subject: `${product} ${version}`,
    fix: `upgrade it to ${oldest.join(".")} or later`,
    retryable: false,
  });
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function unanswered(status: number): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the search engine does not say what it is", {
    subject: `GET /, status ${status}`,
    fix: "wait until the search engine answers, and see that its credentials are right",
    retryable: true,
  });
}
