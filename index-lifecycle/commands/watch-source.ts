import type { WatchAnswer, WatchedSource } from "../../core/lifecycle-command.ts";
import { measureSlot, UNSEEN, whyLost } from "../../core/slot-look.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

/**
 * Looks at a database's replication slot and writes down what alarms watch. That a slot was lost is noted by its tables,
 * each of which looks for itself.
 *
 * @throws SyncError `ENGINE_FAILED` when the database did not answer (retryable); that is measured too
 */
export async function watchSource(
  { sourceAs, measure }: Pick<LifecycleDeps, "sourceAs" | "measure">,
  { source, roleArn, connection, slotName }: WatchedSource,
): Promise<WatchAnswer> {
  try {
    const look = await sourceAs(roleArn).slot(connection, slotName);
    measure({ source }, measureSlot(look));
    const lost = whyLost(look, slotName);
    return lost === undefined ? {} : { lost };
  } catch (cause) {
    measure({ source }, UNSEEN);
    throw cause;
  }
}
