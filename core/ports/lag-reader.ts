import type { GenerationDescriptor, TableDescriptor } from "../table-descriptor.ts";

export interface LagReader {
  /**
   * How far a generation is behind its source: the age of the oldest change the stream holds and the
   * manifest has no position past.
   *
   * Of a managed generation, which has no positions, the age of the oldest change that is newer than all it has sent.
   *
   * @param loadedUntil - the instant of the generation's load, epoch milliseconds; 0 when it has not loaded
   * @returns whole seconds; 0 when everything was read; undefined when it is not known, which is never zero
   */
  lagSeconds(
    table: TableDescriptor,
    generation: GenerationDescriptor,
    loadedUntil: number,
  ): Promise<number | undefined>;
}
