import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { IndexInspector, LiveDocument } from "../core/ports/index-inspector.ts";
import type { RawSearchAnswer, SearchConnection, SearchRequest } from "./opensearch-connection.ts";
import {
  type AskEngine,
  makePointsInTime,
  makeScrolls,
  PAGE_SIZE,
  parseVersions,
} from "./opensearch-still-shard.ts";
import { makeReadDialect } from "./search-dialect.ts";

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
const routingSchema = z.object({
  metadata: z.object({ indices: z.record(z.string(), z.object({ routing_num_shards: z.number() })) }),
});
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
  const readDialect = makeReadDialect(connection);
  const [points, scrolls] = [makePointsInTime(ask), makeScrolls(ask)];
  const shards = async () => ((await readDialect()).stillness === "scroll" ? scrolls : points);
  return {
    observe: async (index) => {
      const name = encodeURIComponent(index);
      const settings = await ask({ method: "GET", path: `/${name}/_settings` });
      if (settings.status === 404) return undefined;
      const query = "level=shards&filter_path=indices.*.shards";
      const stats = await ask({ method: "GET", path: `/${name}/_stats`, query });
      const seen = toObservation(index, JSON.parse(settings.text), JSON.parse(stats.text));
      const routingShards = seen.routing.routingShards ?? (await readRoutingShards(ask, name));
      return { ...seen, routing: { ...seen.routing, routingShards } };
    },
    refresh: async (index) => {
      await ask({ method: "POST", path: `/${encodeURIComponent(index)}/_refresh` });
    },
    openShard: async (index, shard, range) => (await shards()).open(index, shard, range),
    closeShard: async (name) => (await shards()).close(name),
    list: async function* (name, shard, { aboveSeqNo, documents }, pauseMillis) {
      const held = await shards();
      let [above, seen] = [aboveSeqNo, documents];
      for (;;) {
        const rows = await held.page(name, shard, above, seen);
        if (rows.length > 0) yield rows;
        if (rows.length < PAGE_SIZE) return;
        above = rows.at(-1)?.seqNo ?? above;
        seen += rows.length;
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

function toObservation(index: string, settingsBody: unknown, statsBody: unknown) {
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
  const declared = settings.number_of_routing_shards;
  const routingShards = declared === undefined ? undefined : Number(declared);
  return { indexUuid: settings.uuid, routing: { shards: count, routingShards }, shards: observed };
}

/**
 * Elasticsearch does not show the setting, whoever set it; only the cluster's state tells.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/7.10/cluster-state.html
 */
async function readRoutingShards(ask: AskEngine, name: string): Promise<number> {
  const path = `/_cluster/state/metadata/${name}`;
  const query = "filter_path=metadata.indices.*.routing_num_shards";
  const { text } = await ask({ method: "GET", path, query });
  const [index] = Object.values(routingSchema.parse(JSON.parse(text)).metadata.indices);
  if (index === undefined) throw unavailable(name, { status: 200, text: "its routing shards are not known" });
  return index.routing_num_shards;
}

function unavailable(what: string, { status, text }: RawSearchAnswer): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the index cannot be looked at", {
    subject: `${what}, status ${status}: ${text.slice(0, 200)}`,
    fix: "wait until every primary is assigned, or give this function's role read access to the index",
    retryable: true,
  });
}
