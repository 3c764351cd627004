import * as z from "zod";
import type { DocumentRow } from "../core/audit-rows.ts";
import { SyncError } from "../core/errors.ts";
import type { RawSearchAnswer, SearchRequest } from "./opensearch-connection.ts";

/** One shard of an index, held as it was when it was opened, and read from the lowest sequence number upwards. */
export interface StillShards {
  /** @returns its name, and how many documents it holds at or below `through` */
  open(
    index: string,
    shard: number,
    range: { readonly above: number; readonly through: number },
  ): Promise<{ readonly name: string; readonly count: number }>;

  /** The next page above a sequence number. @param seen - documents that earlier pages of it had */
  page(name: string, shard: number, above: number, seen: number): Promise<readonly DocumentRow[]>;

  close(name: string): Promise<void>;
}

/** Sends a request of which only success, or 404, is an answer. */
export type AskEngine = (request: SearchRequest) => Promise<RawSearchAnswer>;

/** Documents a page has, unless it is the last. */
export const PAGE_SIZE = 5_000;
/** Held again with every page; it only has to outlast the pause between two. */
const KEEP_ALIVE = "10m";

const hitSchema = z.object({
  _id: z.string(),
  // Kept as text: a version of 2^53 or more does not survive a number.
  _version: z.string(),
  _seq_no: z.number(),
  _primary_term: z.number(),
});
const pageSchema = z.object({ hits: z.object({ hits: z.array(hitSchema) }) });
const totalSchema = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });
const pointSchema = z.object({ pit_id: z.string() });
const scrollSchema = z.object({
  ...pageSchema.shape,
  hits: z.object({ hits: z.array(hitSchema), total: z.object({ value: z.number() }) }),
  _scroll_id: z.string(),
  aggregations: z.object({ through: z.object({ doc_count: z.number() }) }),
});

const LISTED = {
  size: PAGE_SIZE,
  _source: false,
  version: true,
  seq_no_primary_term: true,
  sort: [{ _seq_no: "asc" }],
};

/**
 * Holds shards by points in time.
 *
 * @see https://docs.opensearch.org/latest/search-plugins/searching-data/point-in-time-api/
 */
export function makePointsInTime(ask: AskEngine): StillShards {
  const search = async <Answer>(body: object, schema: z.ZodType<Answer>): Promise<Answer> =>
    readAnswer(await ask({ method: "POST", path: "/_search", body: JSON.stringify(body) }), schema);
  const held = (name: string) => ({ pit: { id: name, keep_alive: KEEP_ALIVE } });
  return {
    open: async (index, shard, { through }) => {
      const path = `/${encodeURIComponent(index)}/_search/point_in_time`;
      const query = `keep_alive=${KEEP_ALIVE}&preference=_shards:${shard}`;
      const { pit_id: name } = readAnswer(await ask({ method: "POST", path, query }), pointSchema);
      const counted = { size: 0, track_total_hits: true, query: seqNo({ lte: through }), ...held(name) };
      return { name, count: (await search(counted, totalSchema)).hits.total.value };
    },
    page: async (name, shard, above) => {
      const listed = {
        ...LISTED,
        track_total_hits: false,
        query: seqNo({ gt: above }),
        search_after: [above],
      };
      return toRows(await search({ ...listed, ...held(name) }, pageSchema), shard);
    },
    close: async (name) => {
      const body = JSON.stringify({ pit_id: [name] });
      await ask({ method: "DELETE", path: "/_search/point_in_time", body });
    },
  };
}

/**
 * Holds shards by scrolls, which Elasticsearch of every distribution has, and OpenSearch before 2.4.
 *
 * One search opens, counts and brings the first page, so that all three see the same moment. A scroll knows by itself where
 * it is: a page that was asked for and then lost cannot be had again. The name therefore tells how many documents
 * there are, and a listing that ends short of it is refused, so that its caller begins anew.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/7.10/paginate-search-results.html#scroll-search-results
 */
export function makeScrolls(ask: AskEngine): StillShards {
  const firstPages = new Map<string, z.infer<typeof pageSchema>>();
  const next = async (scrollId: string): Promise<z.infer<typeof pageSchema>> => {
    const body = JSON.stringify({ scroll: KEEP_ALIVE, scroll_id: scrollId });
    return readAnswer(await ask({ method: "POST", path: "/_search/scroll", body }), pageSchema);
  };
  return {
    open: async (index, shard, { above, through }) => {
      const body = {
        ...LISTED,
        track_total_hits: true,
        aggs: { through: { filter: seqNo({ lte: through }) } },
        post_filter: seqNo({ gt: above }),
      };
      const answer = readAnswer(
        await ask({
          method: "POST",
          path: `/${encodeURIComponent(index)}/_search`,
          query: `scroll=${KEEP_ALIVE}&preference=_shards:${shard}`,
          body: JSON.stringify(body),
        }),
        scrollSchema,
      );
      const name = `${answer.hits.total.value}:${answer._scroll_id}`;
      firstPages.set(name, answer);
      return { name, count: answer.aggregations.through.doc_count };
    },
    page: async (name, shard, _above, seen) => {
      const { total, scrollId } = parseName(name);
      const first = firstPages.get(name);
      firstPages.delete(name);
      if (seen === 0 && first === undefined) throw lost(shard, 0, total);
      const rows = toRows(first ?? (await next(scrollId)), shard);
      const isWhole = seen + rows.length === total;
      if (rows.length < PAGE_SIZE && !isWhole) throw lost(shard, seen + rows.length, total);
      return rows;
    },
    close: async (name) => {
      firstPages.delete(name);
      const body = JSON.stringify({ scroll_id: [parseName(name).scrollId] });
      await ask({ method: "DELETE", path: "/_search/scroll", body });
    },
  };
}

/** Parses an answer with every `_version` as text, whatever its size. */
export function parseVersions(text: string): unknown {
  return JSON.parse(text, (name, value: unknown, context?: { readonly source?: string }) =>
    name === "_version" && typeof value === "number" ? (context?.source ?? String(value)) : value,
  );
}

function seqNo(range: { readonly lte: number } | { readonly gt: number }): object {
  return { range: { _seq_no: range } };
}

function parseName(name: string): { readonly total: number; readonly scrollId: string } {
  const end = name.indexOf(":");
  return { total: Number(name.slice(0, end)), scrollId: name.slice(end + 1) };
}

function readAnswer<Answer>({ status, text }: RawSearchAnswer, schema: z.ZodType<Answer>): Answer {
  if (status !== 404) return schema.parse(parseVersions(text));
  throw expired("it closed itself, or its index is gone");
}

function toRows({ hits: { hits } }: z.infer<typeof pageSchema>, shard: number): readonly DocumentRow[] {
  return hits.map(({ _id, _version, _seq_no, _primary_term }) => ({
    id: _id,
    shard,
    version: _version,
    seqNo: _seq_no,
    primaryTerm: _primary_term,
  }));
}

function lost(shard: number, listed: number, total: number): SyncError {
  return expired(`shard ${shard}, ${listed} of ${total} documents listed`);
}

function expired(subject: string): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "what was open of a shard is gone", {
    subject,
    fix: "list the shard again from its start, which a retried step does",
    retryable: true,
  });
}
