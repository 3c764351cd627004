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
  /** What was made before it is left out of the stream; epoch milliseconds. */
  readonly streamedSince: number;
  exportArn: string | undefined;
  /** `loaded`: every sink has every row, so the stream may begin. */
  exported: "none" | "running" | "loading" | "loaded";
  readonly loadedFiles: Set<string>;
  readonly shards: Map<string, ShardState>;
  lastError: string | undefined;
}

/** Changes made so long before the pipeline are read too; its export is older than they are by version. */
const OVERLAP_MILLIS = 300_000;

/** @param forgets - looks back at nothing, as after a stop of longer than it would */
export function beginSource(now: number, forgets = false): SourceState {
  return {
    startedAt: now,
    streamedSince: forgets ? now : now - OVERLAP_MILLIS,
    exportArn: undefined,
    exported: "none",
    loadedFiles: new Set(),
    shards: new Map(),
    lastError: undefined,
  };
}
