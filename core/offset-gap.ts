/** Records of a partition that nobody will ever see. */
export interface OffsetGap {
  /** The offset that should have come. */
  readonly expected: number;
  /** The one that came. */
  readonly found: number;
}

/** Where a partition was read up to. */
export interface ReadOffset {
  readonly offset: number;
  /** When that change was made, epoch milliseconds. */
  readonly time: number;
}

/** Clocks of a database's servers before and after a failover differ less. */
const CLOCK_MILLIS = 60_000;

/**
 * Looks for offsets that are missing inside a batch. Debezium's topics have no others: nothing compacts them, and the
 * connector writes no transactions.
 */
export function findGapInside(offsets: readonly number[]): OffsetGap | undefined {
  for (const [place, found] of offsets.entries()) {
    const expected = (offsets[place - 1] ?? found - 1) + 1;
    if (found !== expected) return { expected, found };
  }
  return undefined;
}

/**
 * Looks whether a batch goes on where the partition was read up to. What comes again is no gap; an offset that was read
 * long ago under a newer change is: the topic was made anew.
 *
 * @param first - of the batch
 * @param read - undefined where nothing was ever read
 */
export function findGapBefore(first: ReadOffset, read: ReadOffset | undefined): OffsetGap | undefined {
  if (read === undefined) return undefined;
  const expected = read.offset + 1;
  const isAnew = first.offset < expected && first.time > read.time + CLOCK_MILLIS;
  return first.offset > expected || isAnew ? { expected, found: first.offset } : undefined;
}
