import type { StreamShard } from "../../dynamodb-streams.ts";
import { isReadable } from "../../stream-mapping/run-mapping.ts";
import { toReason } from "../../to-reason.ts";
import { makeStop, type StopSwitch } from "../stop-switch.ts";
import { consumeShard } from "./consume-shard.ts";
import { loadExport } from "./load-export.ts";
import type { SourceDeps } from "./source-deps.ts";

/** A source at work. */
export interface RunningSource {
  /** Gives every shard up, to be taken again by new consumers. */
  resumeShards(): Promise<void>;
  /** @returns when nothing more is handed on */
  stop(): Promise<void>;
}

/** How often shards are looked for: Data Prepper looks once a minute. */
const DISCOVERY_MILLIS = 500;

/** Starts an export, where one is declared, and the stream, from where the state says they are. */
export function startSource(deps: SourceDeps): RunningSource {
  const stop = makeStop();
  const exported = deps.options.tables[0]?.export;
  const exporting = exported === undefined ? Promise.resolve() : loadExport(deps, stop, exported);
  let lease = startConsumers(deps);
  return {
    resumeShards: async () => {
      await lease.stop();
      lease = startConsumers(deps);
    },
    stop: async () => {
      stop.trigger();
      await Promise.all([exporting, lease.stop()]);
    },
  };
}

/** Consumers of all shards, until they are stopped. */
function startConsumers(deps: SourceDeps): { readonly stop: () => Promise<void> } {
  const stop = makeStop();
  const discovering =
    deps.table.streamArn === undefined ? Promise.resolve() : discover(deps, stop, deps.table.streamArn);
  return {
    stop: async () => {
      stop.trigger();
      await discovering;
    },
  };
}

async function discover(deps: SourceDeps, stop: StopSwitch, streamArn: string): Promise<void> {
  const consuming = new Map<string, Promise<void>>();
  const { shards: known } = deps.state;
  const hasEnded = (id: string) => known.get(id)?.status === "completed";
  while (!stop.isStopping()) {
    const shards = await listShards(deps, streamArn);
    for (const shard of shards) {
      if (consuming.has(shard.id) || hasEnded(shard.id) || !isReadable(shard, shards, hasEnded)) continue;
      consuming.set(
        shard.id,
        takeShard(deps, stop, shard.id).finally(() => consuming.delete(shard.id)),
      );
    }
    await stop.pause(DISCOVERY_MILLIS);
  }
  await Promise.all(consuming.values());
}

async function takeShard(deps: SourceDeps, stop: StopSwitch, id: string): Promise<void> {
  const shard = deps.state.shards.get(id) ?? { status: "reading", checkpoint: undefined, pages: [] };
  shard.status = "reading";
  deps.state.shards.set(id, shard);
  await consumeShard(deps, stop, id, shard);
}

async function listShards(
  { streams, state }: SourceDeps,
  streamArn: string,
): Promise<readonly StreamShard[]> {
  try {
    return await streams.listShards(streamArn);
  } catch (cause) {
    state.lastError = toReason(cause);
    return [];
  }
}
