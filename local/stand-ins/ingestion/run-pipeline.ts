import { randomUUID } from "node:crypto";
import { makeInvokeFunction } from "../stream-mapping/invoke-function.ts";
import type { DeclaredPipeline } from "./body/parse-declaration.ts";
import type { PipelineEvent } from "./event.ts";
import { startFlow } from "./flow/build-flow.ts";
import { makeCallFunction } from "./flow/call-function.ts";
import type { PipelineDeps } from "./pipeline-deps.ts";
import { startRdsSource } from "./rds/run-rds-source.ts";
import { makeSearchEngine } from "./sinks/search-engine.ts";
import type { SinkCounts } from "./sinks/sink-counts.ts";
import { type RunningSource, startSource } from "./source/run-source.ts";
import type { SourceControls } from "./source/weakness.ts";
import type { SourceMemory } from "./source-memory.ts";
import { makeStop } from "./stop-switch.ts";

/** What of a pipeline outlives a change of its body. */
export interface PipelineMemory {
  readonly source: SourceMemory;
  readonly controls: SourceControls;
  readonly counts: SinkCounts;
}

/** A pipeline at work. */
export interface RunningPipeline {
  readonly source: RunningSource;
  /**
   * Reads no more, works off what was read, and ends; what the sinks do not take in time is dropped, unacknowledged.
   *
   * @returns when nothing more is written anywhere
   */
  stop(): Promise<void>;
}

/** How long buffers are worked off. @see https://github.com/opensearch-project/data-prepper `data-prepper-core/…/PipelineShutdown.java` 10 s by default */
const DRAIN_MILLIS = 3_000;

/** Starts a pipeline from where its memory says its source is. */
export function startPipeline(
  declared: DeclaredPipeline,
  memory: PipelineMemory,
  deps: PipelineDeps,
): RunningPipeline {
  const abort = makeStop();
  const { body } = declared;
  const flow = startFlow(body, {
    callFunction: makeCallFunction(makeInvokeFunction(deps.emulator)),
    sinkDeps: {
      objects: deps.objects,
      searchAt: (url) => makeSearchEngine(url, abort.signal),
      now: deps.now,
      makeId: randomUUID,
      pause: abort.pause,
      isAborted: abort.isStopping,
      counts: memory.counts,
    },
  });
  const source = startAny(declared, memory, deps, flow.accept);
  return {
    source,
    stop: async () => {
      // A source that waits for room in a buffer is let go by shutting it; what was in it is worked off all the same.
      const cut = setTimeout(() => {
        abort.trigger();
        flow.shut();
      }, DRAIN_MILLIS);
      await source.stop();
      await flow.drain();
      clearTimeout(cut);
    },
  };
}

function startAny(
  { name, body: { source } }: DeclaredPipeline,
  { source: known, controls }: PipelineMemory,
  deps: PipelineDeps,
  accept: (events: readonly PipelineEvent[]) => Promise<void>,
): RunningSource {
  const shared = { ...deps, controls, accept };
  if (source.kind === "dynamodb" && known.kind === "dynamodb")
    return startSource({ ...shared, ...known, options: source.options });
  if (source.kind === "rds" && known.kind === "rds")
    return startRdsSource({ ...shared, ...known, options: source.options });
  throw new RangeError(`${name} was looked up as another kind of source`);
}
