import { markGap } from "../core/generation.ts";
import type { ControlStore } from "../core/ports/control-store.ts";
import type { GapRecorder } from "../core/ports/gap-recorder.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";

export interface RecordGapDeps extends Pick<ConsumerDeps, "generation" | "now"> {
  readonly control: ControlStore;
  /** Takes note of one, for a metric that alarms. Must not throw. */
  readonly announce: (cause: string) => void;
}

/** Notes gaps in the table's control record, where the cutover gate, audits and `trueup status` see them. */
export function makeRecordGap({ control, generation, now, announce }: RecordGapDeps): GapRecorder {
  return {
    record: async (cause) => {
      announce(cause);
      await control.update(generation.table, (known) => markGap(known, generation.generation, cause, now()));
    },
  };
}
