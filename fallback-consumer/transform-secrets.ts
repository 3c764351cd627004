import { mapLimited } from "../core/map-limited.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SecretReader } from "../core/ports/secret-reader.ts";
import type { RenderBatch } from "./render-batch.ts";

/** How long secrets are believed; a rotated one is seen this much later. */
const BELIEVED_MILLIS = 5 * 60_000;
const READS_AT_ONCE = 5;

/** The secrets of a generation's transform, read once and kept. */
export interface TransformSecrets {
  /** By name; empty before the first {@link TransformSecrets.refresh}. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Reads them where they are not read yet, or long ago. What was read once stays good while it cannot be read again.
   *
   * @throws SyncError `ENGINE_FAILED` or `PREREQUISITE_MISSING` when they were never read
   */
  refresh(): Promise<void>;
}

/** @param arns - by the name a transform knows them by */
export function makeTransformSecrets(
  arns: Readonly<Record<string, string>>,
  reader: SecretReader,
  now: Clock,
): TransformSecrets {
  const names = Object.entries(arns);
  let values: Readonly<Record<string, string>> = {};
  let readAt = names.length === 0 ? Infinity : -Infinity;
  return {
    get values() {
      return values;
    },
    refresh: async () => {
      if (now() - readAt < BELIEVED_MILLIS) return;
      try {
        const read = await mapLimited(names, READS_AT_ONCE, async ([name, arn]) => [
          name,
          await reader.read(arn),
        ]);
        values = Object.freeze(Object.fromEntries(read));
      } catch (cause) {
        if (readAt === -Infinity) throw cause;
      }
      readAt = now();
    },
  };
}

/**
 * Renders once the secrets are there. Without them nothing of a batch may be acknowledged: that they cannot be read says
 * nothing about any record.
 */
export function renderWithSecrets(render: RenderBatch, secrets: TransformSecrets): RenderBatch {
  return async (events, deadline) => {
    if (events.length > 0) await secrets.refresh();
    return render(events, deadline);
  };
}
