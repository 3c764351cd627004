import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { DocumentRow } from "../core/audit-rows.ts";
import { SyncError } from "../core/errors.ts";
import type { IndexInspector, IndexObservation, LiveDocument } from "../core/ports/index-inspector.ts";
import type { RawSearchAnswer, SearchConnection, SearchRequest } from "./opensearch-connection.ts";

const PAGE_SIZE = 5_000;
/** Held again with every page; it only has to outlast the pause between two. */
const KEEP_ALIVE = "10m";
const DOCUMENTS_A_CALL = 1_000;

const settingsSchema = z.record(
  z.string(),
  z.object({
    settings: z.object({
      index: z.object({
        uuid: z.string(),
        number_of_shards: z.string(),
        number_of_routing_shards: z.string().optional(),
      }),
    }),
  }),
);
const copySchema = z.object({
  routing: z.object({ primary: z.boolean() }),
  commit: z.object({ user_data: z.object({ history_uuid: z.string() }) }),
  seq_no: z.object({ global_checkpoint: z.number() }),
});
const statsSchema = z.object({
  indices: z.record(z.string(), z.object({ shards: z.record(z.string(), z.array(copySchema)) })),
});
const hitSchema = z.object({
  _id: z.string(),
  // Kept as text: a version of 2^53 or more does not survive a number.
  _version: z.string(),
  _seq_no: z.number(),
  _primary_term: z.number(),
});
const searchSchema = z.object({ hits: z.object({ hits: z.array(hitSchema) }) });
const countSchema = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });
const pointSchema = z.object({ pit_id: z.string() });
const liveSchema = z.object({
  docs: z.array(
    z.object({
      found: z.boolean().optional(),
      _version: z.string().optional(),
      _seq_no: z.number().optional(),
    }),
  ),
});
const bulkSchema = z.object({
  items: z.array(
    z.object({
      delete: z.object({
        status: z.number(),
        _seq_no: z.number().optional(),
        _primary_term: z.number().optional(),
      }),
    }),
  ),
});

/**
 * Reads of an index what an audit may: settings, checkpoints, ids with their versions.
 *
 * @see https://docs.opensearch.org/latest/search-plugins/searching-data/point-in-time-api/
 * @see https://docs.opensearch.org/latest/api-reference/index-apis/stats/ `level=shards`
 */
export function makeOpenSearchInspector(connection: SearchConnection): IndexInspector {
  const ask = async (request: SearchRequest): Promise<RawSearchAnswer> => {
    const answer = await connection(request);
    if (answer.status < 300 || answer.status === 404) return answer;
    throw unavailable(request.path, answer);
  };
  const search = async <Answer>(body: object, schema: z.ZodType<Answer>): Promise<Answer> => {
    const answer = await ask({ method: "POST", path: "/_search", body: JSON.stringify(body) });
    if (answer.status === 404) throw unavailable("/_search", answer);
    return schema.parse(parseVersions(answer.text));
  };
  return {
    observe: async (index) => {
      const name = encodeURIComponent(index);
      const settings = await ask({ method: "GET", path: `/${name}/_settings` });
      if (settings.status === 404) return undefined;
      const query = "level=shards&filter_path=indices.*.shards";
      const stats = await ask({ method: "GET", path: `/${name}/_stats`, query });
      return toObservation(index, JSON.parse(settings.text), JSON.parse(stats.text));
    },
    refresh: async (index) => {
      await ask({ method: "POST", path: `/${encodeURIComponent(index)}/_refresh` });
    },
    openShard: async (index, shard) => {
      const path = `/${encodeURIComponent(index)}/_search/point_in_time`;
      const query = `keep_alive=${KEEP_ALIVE}&preference=_shards:${shard}`;
      const { text } = await ask({ method: "POST", path, query });
      return pointSchema.parse(JSON.parse(text)).pit_id;
    },
    closeShard: async (pointInTime) => {
      const body = JSON.stringify({ pit_id: [pointInTime] });
      await ask({ method: "DELETE", path: "/_search/point_in_time", body });
    },
    count: async (pointInTime, throughSeqNo) => {
      const body = {
        size: 0,
        track_total_hits: true,
        query: { range: { _seq_no: { lte: throughSeqNo } } },
        pit: { id: pointInTime, keep_alive: KEEP_ALIVE },
      };
      return (await search(body, countSchema)).hits.total.value;
    },
    list: async function* (pointInTime, shard, aboveSeqNo, pauseMillis) {
      let above = aboveSeqNo;
      for (;;) {
        const body = {
          size: PAGE_SIZE,
          _source: false,
          version: true,
          seq_no_primary_term: true,
          track_total_hits: false,
          query: { range: { _seq_no: { gt: above } } },
          sort: [{ _seq_no: "asc" }],
          search_after: [above],
          pit: { id: pointInTime, keep_alive: KEEP_ALIVE },
        };
        const { hits } = (await search(body, searchSchema)).hits;
        if (hits.length > 0) yield hits.map((hit) => toRow(hit, shard));
        if (hits.length < PAGE_SIZE) return;
        above = hits.at(-1)?._seq_no ?? above;
        await pause(pauseMillis);
      }
    },
    readLive: async (index, ids) => {
      const live: (LiveDocument | undefined)[] = [];
      for (let start = 0; start < ids.length; start += DOCUMENTS_A_CALL) {
        const body = JSON.stringify({ ids: ids.slice(start, start + DOCUMENTS_A_CALL) });
        const path = `/${encodeURIComponent(index)}/_mget`;
        const { text } = await ask({ method: "POST", path, query: "_source=false", body });
        for (const { found, _version, _seq_no } of liveSchema.parse(parseVersions(text)).docs) {
          const there = found === true && _version !== undefined && _seq_no !== undefined;
          live.push(there ? { version: _version, seqNo: _seq_no } : undefined);
        }
      }
      return live;
    },
    readDocument: async (index, id) => {
      const path = `/${encodeURIComponent(index)}/_source/${encodeURIComponent(id)}`;
      const { status, text } = await ask({ method: "GET", path });
      return status === 404 ? undefined : text;
    },
    purge: async (index, purges) => {
      const lines = purges.map(({ id, seqNo, primaryTerm }) =>
        JSON.stringify({ delete: { _id: id, if_seq_no: seqNo, if_primary_term: primaryTerm } }),
      );
      const path = `/${encodeURIComponent(index)}/_bulk`;
      const body = `${lines.join("\n")}\n`;
      const { text } = await ask({ method: "POST", path, body, contentType: "application/x-ndjson" });
      return bulkSchema
        .parse(JSON.parse(text))
        .items.map(({ delete: { status, _seq_no, _primary_term } }) =>
          status === 200 && _seq_no !== undefined && _primary_term !== undefined
            ? { seqNo: _seq_no, primaryTerm: _primary_term }
            : undefined,
        );
    },
  };
}

/** Parses an answer with every `_version` as text, whatever its size. */
function parseVersions(text: string): unknown {
  return JSON.parse(text, (name, value: unknown, context?: { readonly source?: string }) =>
    name === "_version" && typeof value === "number" ? (context?.source ?? String(value)) : value,
  );
}

function toObservation(index: string, settingsBody: unknown, statsBody: unknown): IndexObservation {
  const settings = settingsSchema.parse(settingsBody)[index]?.settings.index;
  const shards = statsSchema.parse(statsBody).indices[index]?.shards;
  if (settings === undefined || shards === undefined) {
    throw unavailable(index, { status: 200, text: "the name is an alias, or a shard has no primary" });
  }
  const count = Number(settings.number_of_shards);
  const observed = Object.entries(shards).flatMap(([shard, copies]) =>
    copies
      .filter(({ routing }) => routing.primary)
      .map(({ seq_no, commit }) => ({
        shard: Number(shard),
        checkpoint: seq_no.global_checkpoint,
        historyUuid: commit.user_data.history_uuid,
      })),
  );
  if (observed.length !== count) throw unavailable(index, { status: 200, text: "a shard has no primary" });
  const routingShards = Number(settings.number_of_routing_shards ?? count);
  return { indexUuid: settings.uuid, routing: { shards: count, routingShards }, shards: observed };
}

function toRow(
  { _id, _version, _seq_no, _primary_term }: z.infer<typeof hitSchema>,
  shard: number,
): DocumentRow {
  return { id: _id, shard, version: _version, seqNo: _seq_no, primaryTerm: _primary_term };
}

function unavailable(what: string, { status, text }: RawSearchAnswer): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the index cannot be looked at", {
    subject: `${what}, status ${status}: ${text.slice(0, 200)}`,
    fix: "wait until every primary is assigned, or give this function's role read access to the index",
    retryable: true,
  });
}
