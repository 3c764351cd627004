/** What `trueup status` shows of a table; the answer of index-lifecycle's `status`. */
export interface TableStatus {
  readonly table: string;
  readonly alias: string;
  /** The generation the alias points at, read from the index engine; absent before the first cutover. */
  readonly serving?: string;
  readonly pinned?: string;
  readonly retired: boolean;
  readonly generations: readonly GenerationStatus[];
}

/** Where one generation is on its way from an empty index to serving. */
export interface GenerationStatus {
  readonly generation: string;
  /** `ready`: passed the gate when asked, does not serve. */
  readonly phase: "loading" | "catching-up" | "auditing" | "ready" | "serving" | "failed";
  readonly documents: number;
  /** Newest source change minus newest indexed, seconds; 0 when idle; absent when not known. */
  readonly lagSeconds?: number;
  readonly deadLetters: number;
  readonly gap?: string;
  readonly lastCleanAudit?: string;
  /** Why the alias does not move there, in words; absent when it could. */
  readonly blockedBy?: string;
}
