import { SyncError } from "../../../core/errors.ts";
import { type DeclaredPipeline, parsePipeline } from "./body/parse-declaration.ts";
import { describePipeline, type PipelineDescription } from "./describe-pipeline.ts";
import type { PipelineDeps } from "./pipeline-deps.ts";
import { type PipelineMemory, type RunningPipeline, startPipeline } from "./run-pipeline.ts";
import { makeSinkCounts } from "./sinks/sink-counts.ts";
import { makeControls, parseWeakness } from "./source/weakness.ts";
import { findSource, forgetSource } from "./source-memory.ts";

/** The pipelines of this machine's stack, by name. */
export interface Pipelines {
  /**
   * Makes a pipeline, or changes the one of that name: an unchanged body changes nothing; a changed one gets new shard
   * consumers, from their checkpoints, and no new export, unless it reads another table.
   *
   * @throws SyncError `CONFIGURATION_INVALID` for a declaration that cannot be honoured; nothing changes (not retryable)
   */
  put(name: string, properties: unknown): Promise<PipelineDescription>;
  /** @returns when it writes nothing any more; at once when there is no such pipeline */
  remove(name: string): Promise<void>;
  find(name: string): PipelineDescription | undefined;
  list(): readonly PipelineDescription[];
  /** @throws SyncError `CONFIGURATION_INVALID` when there is no such pipeline or weakness (not retryable) */
  weaken(name: string, input: unknown): Promise<PipelineDescription>;
  removeAll(): Promise<void>;
}

interface Kept {
  declared: DeclaredPipeline;
  memory: PipelineMemory;
  running: RunningPipeline;
}

/** Keeps pipelines in memory: a process that begins again knows none, and a pipeline put to it exports anew. */
export function makePipelines(deps: PipelineDeps): Pipelines {
  const known = new Map<string, Kept>();
  const start = (declared: DeclaredPipeline, memory: PipelineMemory) => {
    const kept = { declared, memory, running: startPipeline(declared, memory, deps) };
    known.set(declared.name, kept);
    return describePipeline(declared, memory, deps.region);
  };
  const stop = async (name: string): Promise<void> => {
    const kept = known.get(name);
    known.delete(name);
    await kept?.running.stop();
  };
  const describe = ({ declared, memory }: Kept) => describePipeline(declared, memory, deps.region);
  return {
    put: async (name, properties) => {
      const declared = parsePipeline(name, properties);
      const former = known.get(name);
      if (former?.declared.written === declared.written) return describe(former);
      const memory = await toMemory(declared, former?.memory, deps);
      await stop(name);
      return start(declared, memory);
    },
    remove: stop,
    find: (name) => {
      const kept = known.get(name);
      return kept && describe(kept);
    },
    list: () => [...known.values()].map(describe),
    weaken: async (name, input) => {
      const weakness = parseWeakness(name, input);
      const kept = known.get(name);
      if (kept === undefined) throw unknownPipeline(name);
      const { controls } = kept.memory;
      if (weakness.kind === "pause" || weakness.kind === "resume")
        controls.paused = weakness.kind === "pause";
      if (weakness.kind === "same-second") controls.sameSecond = true;
      if (weakness.kind === "drop-records") controls.dropRecords += weakness.count;
      if (weakness.kind === "drop-shard") controls.dropShard = true;
      if (weakness.kind === "drop-shard" || weakness.kind === "resume-shards")
        await kept.running.source.resumeShards();
      if (weakness.kind !== "restart") return describe(kept);
      await stop(name);
      return start(kept.declared, {
        ...kept.memory,
        source: forgetSource(name, kept.memory.source, deps, weakness.forgets),
        controls: makeControls(),
      });
    },
    removeAll: async () => {
      await Promise.all([...known.keys()].map(stop));
    },
  };
}

/** What is known of the same source stays; another one is begun with. */
async function toMemory(
  { name, body }: DeclaredPipeline,
  former: PipelineMemory | undefined,
  deps: PipelineDeps,
): Promise<PipelineMemory> {
  const source = await findSource(name, body.source, former?.source, deps);
  if (former !== undefined && former.source.state === source.state) return { ...former, source };
  return { source, controls: makeControls(), counts: makeSinkCounts() };
}

function unknownPipeline(name: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "there is no such pipeline", {
    subject: name,
    fix: "look at GET /_trueup/pipelines",
    retryable: false,
  });
}
