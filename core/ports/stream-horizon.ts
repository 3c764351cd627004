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

  /**
   * The oldest change made after an instant that the stream holds, epoch milliseconds both; undefined when there is none.
   *
   * Reads the stream from its beginning: for a pipeline that tells no positions, and only when it is silent.
   *
   * @throws RangeError when the stream holds too much to look through (not retryable)
   */
  firstAfter(instant: number): Promise<number | undefined>;
}
