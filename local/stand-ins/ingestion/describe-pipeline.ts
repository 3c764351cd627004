import type { DeclaredPipeline } from "./body/parse-declaration.ts";
import type { PipelineMemory } from "./run-pipeline.ts";
import type { SinkCounts } from "./sinks/sink-counts.ts";
import type { ShardState, SourceState } from "./source/source-state.ts";

/** A pipeline as it is shown to people, and to the deployment. */
export interface PipelineDescription {
  readonly name: string;
  readonly status: "ACTIVE";
  readonly arn: string;
  readonly ingestEndpointUrl: string;
  readonly paused: boolean;
  /** Epoch milliseconds; records made over five minutes before are not read. */
  readonly startedAt: number;
  readonly export: {
    readonly state: SourceState["exported"];
    readonly arn?: string;
    readonly loadedFiles: number;
  };
  readonly shards: readonly ShardDescription[];
  readonly sinks: Readonly<SinkCounts>;
  readonly lastError?: string;
}

interface ShardDescription {
  readonly shardId: string;
  readonly status: ShardState["status"];
  /** Everything up to it was taken by all sinks. */
  readonly checkpoint?: string;
  /** Pages that were read after the checkpoint. */
  readonly openPages: number;
}

/** Tells how far a pipeline is. */
export function describePipeline(
  { name }: DeclaredPipeline,
  { table, state, controls, counts }: PipelineMemory,
): PipelineDescription {
  const [, partition, , region, account] = table.arn.split(":");
  const { exportArn, lastError } = state;
  return {
    name,
    status: "ACTIVE",
    arn: `arn:${partition}:osis:${region}:${account}:pipeline/${name}`,
    ingestEndpointUrl: `${name}.${region}.osis.amazonaws.com`,
    paused: controls.paused,
    startedAt: state.startedAt,
    export: {
      state: state.exported,
      ...(exportArn === undefined ? {} : { arn: exportArn }),
      loadedFiles: state.loadedFiles.size,
    },
    shards: [...state.shards].map(([shardId, { status, checkpoint, pages }]) => ({
      shardId,
      status,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      openPages: pages.length,
    })),
    sinks: { ...counts },
    ...(lastError === undefined ? {} : { lastError }),
  };
}
