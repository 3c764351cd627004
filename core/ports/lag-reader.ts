import type { GenerationDescriptor, TableDescriptor } from "../table-descriptor.ts";

export interface LagReader {
  /**
   * How far a generation is behind its source: the age of the oldest change the stream holds and the
   * manifest has no position past.
   *
   * @returns whole seconds; 0 when everything was read; undefined when it is not known, which is never zero
   */
  lagSeconds(table: TableDescriptor, generation: GenerationDescriptor): Promise<number | undefined>;
}
