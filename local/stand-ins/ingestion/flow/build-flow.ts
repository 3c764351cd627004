import type { PipelineBody, SubPipeline } from "../body/parse-body.ts";
import type { PipelineEvent } from "../event.ts";
import { makeOpenSearchSink } from "../sinks/opensearch-sink.ts";
import { makeS3Sink } from "../sinks/s3-sink.ts";
import type { SinkDeps } from "../sinks/sink-deps.ts";
import { makeProcessor } from "./apply-processor.ts";
import type { CallFunction } from "./call-function.ts";
import { type EventBuffer, makeEventBuffer } from "./event-buffer.ts";
import { runStage, type Sink } from "./run-stage.ts";

/** The sub-pipelines of a pipeline at work. */
export interface Flow {
  /** Hands events to the first of them; waits while its buffer is full. */
  accept(events: readonly PipelineEvent[]): Promise<void>;
  /** Works off what is in the buffers, then ends. */
  drain(): Promise<void>;
  /** Nothing more gets into a buffer, so that {@link drain} comes to its end. */
  shut(): void;
}

export interface FlowDeps {
  readonly sinkDeps: Omit<SinkDeps, "pipelineName">;
  readonly callFunction: CallFunction;
}

/** Starts the sub-pipelines of a body, each with a worker of its own. */
export function startFlow({ first, subPipelines }: PipelineBody, deps: FlowDeps): Flow {
  const buffers = new Map([...subPipelines.keys()].map((name) => [name, makeEventBuffer()]));
  const stopping = new Set<string>();
  const workers = new Map<string, Promise<void>>();
  for (const [name, declared] of subPipelines) {
    const buffer = buffers.get(name);
    if (buffer === undefined) continue;
    const processors = declared.processor.map((options) => makeProcessor(options, deps.callFunction));
    const stage = { buffer, processors, sinks: makeSinks(name, declared, buffers, deps) };
    workers.set(
      name,
      runStage(stage, () => stopping.has(name)),
    );
  }
  return {
    accept: async (events) => buffers.get(first)?.push(events),
    drain: async () => {
      for (const name of inOrder(first, subPipelines)) {
        stopping.add(name);
        await workers.get(name);
      }
    },
    shut: () => {
      for (const buffer of buffers.values()) buffer.shut();
    },
  };
}

/** Senders before those they send to. */
function inOrder(name: string, subPipelines: PipelineBody["subPipelines"]): readonly string[] {
  const next = subPipelines.get(name)?.sink.flatMap(({ pipeline }) => pipeline?.name ?? []) ?? [];
  return [name, ...next.flatMap((receiver) => inOrder(receiver, subPipelines))];
}

function makeSinks(
  pipelineName: string,
  { sink: declared }: SubPipeline,
  buffers: ReadonlyMap<string, EventBuffer>,
  { sinkDeps }: FlowDeps,
): readonly Sink[] {
  const deps = { ...sinkDeps, pipelineName };
  return declared.flatMap(({ opensearch, s3, pipeline }) => {
    if (opensearch !== undefined) return [makeOpenSearchSink(opensearch, deps)];
    if (s3 !== undefined) return [makeS3Sink(s3, deps)];
    const next = buffers.get(pipeline?.name ?? "");
    return next === undefined ? [] : [sendTo(next)];
  });
}

function sendTo(buffer: EventBuffer): Sink {
  return { output: (events) => buffer.push(events), close: async () => {} };
}
