/**
 * The consumer group of a generation: with its index's uuid, so that an index made anew begins at the oldest
 * change that is kept, and not where a dead index's group stopped.
 */
export function consumerGroupOf(environment: string, generation: string, indexUuid: string): string {
  return `${consumerGroupPrefix(environment)}${generation}-${indexUuid}`;
}

/** What the groups of all generations of an environment begin with. */
export function consumerGroupPrefix(environment: string): string {
  return `trueup-${environment}-`;
}
