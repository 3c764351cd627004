import type { ShardProgress } from "../horizon.ts";
import type { SourcePosition } from "../manifest-entry.ts";

export interface StreamHorizon {
  readonly kind: "stream";

  /**
   * Looks at every shard of the table's stream, open or closed, from where its consumer stands.
   *
   * @param instant - shards whose position lies past it are not read
   * @param fromOldest - reads trimmed shards from their oldest record instead of calling them trimmed
   */
  look(
    positions: readonly SourcePosition[],
    instant: number,
    fromOldest: boolean,
  ): Promise<readonly ShardProgress[]>;
}
