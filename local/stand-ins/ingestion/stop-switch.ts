import { setTimeout as wait } from "node:timers/promises";
import type { Stoppable } from "./source/source-deps.ts";

/** Ends what looks at it, and every pause of it. */
export interface StopSwitch extends Stoppable {
  readonly signal: AbortSignal;
  trigger(): void;
}

export function makeStop(): StopSwitch {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    trigger: () => controller.abort(),
    isStopping: () => controller.signal.aborted,
    pause: async (millis) => {
      // Rejects when it is stopped, which ends the pause as well.
      await wait(millis, undefined, { signal: controller.signal }).catch(() => {});
    },
  };
}
