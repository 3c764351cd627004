import type { Clock } from "../../../../core/ports/clock.ts";
import type { PipelineEvent } from "../event.ts";
import type { SourceControls } from "../source/weakness.ts";
import type { SourceTableOfDatabase } from "./database.ts";
import type { RdsSource } from "./rds-schema.ts";
import type { RdsState } from "./rds-state.ts";

/** What an `rds` source works with. */
export interface RdsDeps {
  readonly options: RdsSource;
  readonly url: string;
  readonly tables: readonly SourceTableOfDatabase[];
  readonly state: RdsState;
  readonly controls: SourceControls;
  readonly now: Clock;
  readonly accept: (events: readonly PipelineEvent[]) => Promise<void>;
}
