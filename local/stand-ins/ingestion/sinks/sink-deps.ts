import type { Clock } from "../../../../core/ports/clock.ts";
import type { PipelineObjects } from "../pipeline-objects.ts";
import type { SearchEngine } from "./search-engine.ts";
import type { SinkCounts } from "./sink-counts.ts";

/** What sinks reach the world by. */
export interface SinkDeps {
  /** The sub-pipeline's, which dead letters name. */
  readonly pipelineName: string;
  readonly objects: PipelineObjects;
  readonly searchAt: (url: string) => SearchEngine;
  readonly now: Clock;
  readonly makeId: () => string;
  /** Ends early when the pipeline must end. */
  readonly pause: (millis: number) => Promise<void>;
  /** The pipeline must end: nothing is tried again. */
  readonly isAborted: () => boolean;
  readonly counts: SinkCounts;
}
