import type { Clock } from "../../../core/ports/clock.ts";
import type { DynamoDbStreams } from "../dynamodb-streams.ts";
import type { Emulator } from "../emulator.ts";
import type { Exports } from "../table-export/exports.ts";
import type { PipelineObjects } from "./pipeline-objects.ts";

/** What pipelines reach the emulator by. */
export interface PipelineDeps {
  readonly emulator: Emulator;
  readonly streams: DynamoDbStreams;
  readonly exports: Exports;
  readonly objects: PipelineObjects;
  /** The machine's database server, of any database; undefined while there is none. */
  readonly databaseUrl: () => string | undefined;
  readonly region: string;
  readonly now: Clock;
}
