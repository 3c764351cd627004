import type { SourcePosition } from "../manifest-entry.ts";

export interface PositionReader {
  /**
   * How far the stream's consumers of one generation got, the newest position of each shard that has one.
   *
   * Segments that are not folded yet count too: a position is known as soon as its batch is acknowledged.
   */
  positions(generation: string, indexUuid: string): Promise<readonly SourcePosition[]>;
}
