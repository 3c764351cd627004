import type { DeclaredPipeline } from "./body/parse-declaration.ts";
import type { PipelineMemory } from "./run-pipeline.ts";
import type { SinkCounts } from "./sinks/sink-counts.ts";
import type { ShardState, SourceState } from "./source/source-state.ts";
import type { SourceMemory } from "./source-memory.ts";

/** Everything of this machine is its. */
const ACCOUNT = "123456789012";

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
    readonly loadedRows?: number;
  };
  readonly shards: readonly ShardDescription[];
  /** Of an `rds` source: what reads the database's log, and stays behind when the pipeline goes. */
  readonly slot?: string;
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
  { source, controls, counts }: PipelineMemory,
  region: string,
): PipelineDescription {
  const { lastError, startedAt } = source.state;
  return {
    name,
    status: "ACTIVE",
    arn: `arn:aws:osis:${region}:${ACCOUNT}:pipeline/${name}`,
    ingestEndpointUrl: `${name}.${region}.osis.amazonaws.com`,
    paused: controls.paused,
    startedAt,
    export: describeExport(source),
    shards: source.kind === "dynamodb" ? describeShards(source.state) : [],
    ...(source.kind === "rds" ? { slot: source.state.slotName } : {}),
    sinks: { ...counts },
    ...(lastError === undefined ? {} : { lastError }),
  };
}

function describeExport(source: SourceMemory): PipelineDescription["export"] {
  const { kind, state } = source;
  if (kind === "rds") return { state: state.exported, loadedFiles: 0, loadedRows: state.exportedRows };
  const { exportArn } = state;
  return {
    state: state.exported,
    ...(exportArn === undefined ? {} : { arn: exportArn }),
    loadedFiles: state.loadedFiles.size,
  };
}

function describeShards({ shards }: SourceState): readonly ShardDescription[] {
  return [...shards].map(([shardId, { status, checkpoint, pages }]) => ({
    shardId,
    status,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    openPages: pages.length,
  }));
}
