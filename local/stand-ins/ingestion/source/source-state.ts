import type { PageStatus } from "./shard-checkpoints.ts";

/** How far a shard is. What Data Prepper keeps in its coordination store. */
export interface ShardState {
  status: "reading" | "given-up" | "completed";
  /** Everything up to it was taken by all sinks. */
  checkpoint: string | undefined;
  pages: readonly PageStatus[];
}

/** How far a pipeline's source is. It outlives a change of the pipeline's body, and not a stop. */
export interface SourceState {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  exportArn: string | undefined;
  /** `loaded`: every sink has every row, so the stream may begin. */
  exported: "none" | "running" | "loading" | "loaded";
  readonly loadedFiles: Set<string>;
  readonly shards: Map<string, ShardState>;
  lastError: string | undefined;
}

export function beginSource(now: number): SourceState {
  return {
    startedAt: now,
    exportArn: undefined,
    exported: "none",
    loadedFiles: new Set(),
    shards: new Map(),
    lastError: undefined,
  };
}
