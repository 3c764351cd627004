import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../../core/ports/clock.ts";
import type { DynamoDbStreams, ShardStart, StreamShard } from "../dynamodb-streams.ts";
import { toReason } from "../to-reason.ts";
import type { StreamMapping } from "./declaration.ts";
import type { InvokeFunction } from "./invoke-function.ts";
import { runShard } from "./run-shard.ts";
import type { SendFailure } from "./send-failure.ts";
import type { ShardProgress } from "./shard-progress.ts";
import { makeShardSource } from "./shard-source.ts";
import { type ShardState, toShardState } from "./shard-state.ts";

/** What mappings reach the emulator by. */
export interface MappingDeps {
  readonly streams: DynamoDbStreams;
  readonly invoke: InvokeFunction;
  readonly sendFailure: SendFailure;
  readonly now: Clock;
}

/** A mapping at work. */
export interface RunningMapping {
  readonly declaration: () => StreamMapping;
  /** Goes on under another declaration from where it is; in force from the next step of each shard. */
  readonly change: (next: StreamMapping) => void;
  readonly shards: () => readonly ShardState[];
  /** Why the stream's shards cannot be listed, while they cannot. */
  readonly lastError: () => string | undefined;
  /** @returns when no invocation of it is in flight any more */
  readonly stop: () => Promise<void>;
}

interface ShardRun {
  progress: ShardProgress | undefined;
  state: ShardState["state"];
}

interface Run {
  mapping: StreamMapping;
  lastError: string | undefined;
  readonly shards: Map<string, ShardRun>;
  readonly stopping: AbortController;
}

/** How often the stream is asked for new shards: a shard that ended goes on in its children. */
const DISCOVERY_MILLIS = 1_000;

/** Starts to deliver a stream to a function. */
export function startMapping(declared: StreamMapping, deps: MappingDeps): RunningMapping {
  const run: Run = {
    mapping: declared,
    lastError: undefined,
    shards: new Map(),
    stopping: new AbortController(),
  };
  const finished = follow(run, deps);
  return {
    declaration: () => run.mapping,
    change: (next) => {
      run.mapping = next;
    },
    shards: () => [...run.shards].map(([id, { state, progress }]) => toShardState(id, state, progress)),
    lastError: () => run.lastError,
    stop: async () => {
      run.stopping.abort();
      await finished;
    },
  };
}

/** Whether a shard may be read now: a child only after its parent, unless nobody knows the parent any more. */
export function isReadable(
  shard: StreamShard,
  all: readonly StreamShard[],
  hasEnded: (shardId: string) => boolean,
): boolean {
  return shard.parent === undefined || hasEnded(shard.parent) || !all.some(({ id }) => id === shard.parent);
}

async function follow(run: Run, deps: MappingDeps): Promise<void> {
  const { signal } = run.stopping;
  const running: Promise<void>[] = [];
  // What is there at the first look is read from where the mapping says; a shard made later has only new records.
  let start: ShardStart = { kind: run.mapping.startingPosition === "LATEST" ? "end" : "oldest" };
  while (!signal.aborted) {
    const shards = await listShards(run, deps.streams);
    for (const shard of shards) running.push(...begin(run, deps, shard, shards, start));
    if (run.lastError === undefined) start = { kind: "oldest" };
    await pause(DISCOVERY_MILLIS, signal);
  }
  await Promise.all(running);
}

async function listShards(run: Run, streams: DynamoDbStreams): Promise<readonly StreamShard[]> {
  try {
    const shards = await streams.listShards(run.mapping.streamArn);
    run.lastError = undefined;
    return shards;
  } catch (cause) {
    run.lastError = toReason(cause);
    return [];
  }
}

function begin(
  run: Run,
  deps: MappingDeps,
  shard: StreamShard,
  all: readonly StreamShard[],
  start: ShardStart,
): readonly Promise<void>[] {
  const hasEnded = (shardId: string) => run.shards.get(shardId)?.state === "ended";
  if (run.shards.has(shard.id) || !isReadable(shard, all, hasEnded)) return [];
  const skipped = shard.closed && start.kind === "end";
  const known: ShardRun = { progress: undefined, state: skipped ? "ended" : "reading" };
  run.shards.set(shard.id, known);
  return skipped ? [] : [work(run, deps, shard.id, known, start)];
}

async function work(
  run: Run,
  deps: MappingDeps,
  shardId: string,
  known: ShardRun,
  start: ShardStart,
): Promise<void> {
  const { signal } = run.stopping;
  await runShard({
    ...deps,
    shardId,
    mapping: () => run.mapping,
    source: makeShardSource(deps.streams, run.mapping.streamArn, shardId, start),
    pause: (millis) => pause(millis, signal),
    isStopping: () => signal.aborted,
    report: (progress) => {
      known.progress = progress;
    },
  });
  if (!signal.aborted) known.state = "ended";
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  // Rejects when stopped, which ends the pause as well.
  await wait(millis, undefined, { signal }).catch(() => {});
}
