/** Something that a target was asked to do, and did not. */
export interface TargetLack {
  /** What, in words that complete "it has no …". */
  readonly capability: string;
  /** What rests on it: every generation, or only audits that look at the index itself. */
  readonly neededBy: "generation" | "index-audit";
  /** What it did instead, without any document's values. */
  readonly instead: string;
}

/** Tries what a target can do. */
export interface TargetProbe {
  /**
   * Tries, in an index made for it, everything that generations and audits do to an index. Takes up to a minute.
   *
   * @param index - a name that is free; the index is gone afterwards
   * @returns nothing where it can do all
   * @throws SyncError `INDEX_UNAVAILABLE` when it cannot be told now: unreachable, busy, or permissions are missing (retryable)
   */
  findLacks(index: string): Promise<readonly TargetLack[]>;
}
