import type { Clock } from "../../../../core/ports/clock.ts";
import type { DynamoDbStreams } from "../../dynamodb-streams.ts";
import type { Exports } from "../../table-export/exports.ts";
import type { DynamoDbSource } from "../body/source-schema.ts";
import type { PipelineEvent } from "../event.ts";
import type { PipelineObjects } from "../pipeline-objects.ts";
import type { SourceState } from "./source-state.ts";
import type { SourceTable } from "./source-table.ts";
import type { SourceControls } from "./weakness.ts";

/** What a source works with. */
export interface SourceDeps {
  readonly options: DynamoDbSource;
  readonly table: SourceTable;
  readonly state: SourceState;
  readonly controls: SourceControls;
  readonly streams: DynamoDbStreams;
  readonly exports: Exports;
  readonly objects: PipelineObjects;
  readonly now: Clock;
  /** Hands events on; waits while there is no room for them. */
  readonly accept: (events: readonly PipelineEvent[]) => Promise<void>;
}

/** A part of a source that can be ended without the others. */
export interface Stoppable {
  readonly isStopping: () => boolean;
  /** Ends early when it is stopped. */
  readonly pause: (millis: number) => Promise<void>;
}
