import type { BulkAnswer } from "../../../../../local/stand-ins/ingestion/sinks/judge-bulk.ts";
import { makeSinkCounts } from "../../../../../local/stand-ins/ingestion/sinks/sink-counts.ts";
import type { SinkDeps } from "../../../../../local/stand-ins/ingestion/sinks/sink-deps.ts";

/** What sinks reach, in memory; bulks are answered one after the other, the last answer for ever. */
export function makeFakeSinkDeps(answers: readonly BulkAnswer[] = []) {
  const world = {
    now: 0,
    aborted: false,
    bulks: [] as string[],
    requireAlias: false,
    objects: new Map<string, string | Uint8Array>(),
    objectsFail: false,
    pauses: [] as number[],
  };
  let ids = 0;
  const deps: SinkDeps = {
    pipelineName: "orders",
    objects: {
      put: async (bucket, key, content) => {
        if (world.objectsFail) throw new Error("no bucket");
        world.objects.set(`${bucket}/${key}`, content);
      },
      get: async () => new Uint8Array(),
    },
    searchAt: () => ({
      bulk: async (lines, requireAlias) => {
        world.bulks.push(lines);
        world.requireAlias = requireAlias;
        const items = lines
          .split("\n")
          .filter((line) => line.startsWith('{"index"') || line.startsWith('{"delete"'));
        return (
          answers[world.bulks.length - 1] ??
          answers.at(-1) ?? {
            kind: "answered",
            items: items.map(() => ({ status: 200, errorType: undefined, message: "" })),
          }
        );
      },
      isAlias: async () => true,
    }),
    now: () => world.now,
    makeId: () => `id-${ids++}`,
    pause: async (millis) => void world.pauses.push(millis),
    isAborted: () => world.aborted,
    counts: makeSinkCounts(),
  };
  return { world, deps };
}
