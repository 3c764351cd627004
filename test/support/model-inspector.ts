import type { DocumentRow } from "../../core/audit-rows.ts";
import type { IndexInspector } from "../../core/ports/index-inspector.ts";
import type { ShardRouting } from "../../core/shard-of-document.ts";

/** An index in memory, as its inspector looks at it. */
export interface InspectedIndex {
  readonly documents: ReadonlyMap<
    string,
    { readonly version: bigint; readonly seqNo: number; readonly shard: number }
  >;
  readonly indexUuid: string;
  readonly routing: ShardRouting;
  /** The sequence number a shard's next write gets. */
  readonly nextSeqNo: (shard: number) => number;
  readonly purge: IndexInspector["purge"];
}

/** Looks at an index in memory; a point in time keeps what was there when it was opened. */
export function makeModelInspector(index: InspectedIndex): IndexInspector {
  const points = new Map<string, readonly DocumentRow[]>();
  const rowsOf = (shard: number): readonly DocumentRow[] =>
    [...index.documents.entries()]
      .filter(([, document]) => document.shard === shard)
      .map(([id, { version, seqNo }]) => ({ id, shard, version: String(version), seqNo, primaryTerm: 1 }))
      .sort((left, right) => left.seqNo - right.seqNo);
  return {
    observe: async () => ({
      indexUuid: index.indexUuid,
      routing: index.routing,
      shards: Array.from({ length: index.routing.shards }, (_, shard) => ({
        shard,
        checkpoint: index.nextSeqNo(shard) - 1,
        historyUuid: "h",
      })),
    }),
    refresh: async () => {},
    openShard: async (_index, shard, { through }) => {
      const name = `pit-${points.size}`;
      const rows = rowsOf(shard);
      points.set(name, rows);
      return { name, count: rows.filter(({ seqNo }) => seqNo <= through).length };
    },
    closeShard: async () => {},
    list: async function* (point, _shard, { aboveSeqNo }) {
      yield (points.get(point) ?? []).filter(({ seqNo }) => seqNo > aboveSeqNo);
    },
    readLive: async (_index, ids) =>
      ids.map((id) => {
        const found = index.documents.get(id);
        return found === undefined ? undefined : { version: String(found.version), seqNo: found.seqNo };
      }),
    readDocument: async () => undefined,
    purge: index.purge,
  };
}
