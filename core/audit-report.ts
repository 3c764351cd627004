/** The kinds of drift, counted as distinct document ids. */
export const driftKinds = ["missing", "stale", "orphaned", "altered"] as const;

/**
 * `missing`: the record has no document. `stale`: the document was made from an older state, or by another
 * transform. `orphaned`: the document has no record. `altered`: somebody else wrote over the document.
 */
export type DriftKind = (typeof driftKinds)[number];

/** One document that differs, with what a person needs to believe it. Never values of the document. */
export interface Drift {
  readonly kind: DriftKind;
  readonly id: string;
  readonly recordId: string;
  /** 1: database against manifest. 2: manifest against index. */
  readonly stage: 1 | 2;
  /** Names of top-level fields that differ, where both sides could be read. */
  readonly fields?: readonly string[];
}

export interface DriftCount {
  readonly count: number;
  /** At most 1,000; the run's folder has them all. */
  readonly ids: readonly string[];
}

export type BreakerState = "closed" | "open" | "approved";

/** What one audit of one table found and did: `report.json`, and what `trueup audit --json` prints. */
export interface AuditReport {
  readonly table: string;
  readonly generation: string;
  readonly index: string;
  readonly run: string;
  readonly kind: "full" | "incremental";
  readonly startedAt: string;
  readonly finishedAt: string;
  /** ISO 8601: the instant the database was compared at. */
  readonly exportTime: string;
  readonly compared: {
    readonly records: number;
    readonly manifestEntries: number;
    readonly indexDocuments: number;
  };
  readonly drift: Readonly<Record<DriftKind, DriftCount>>;
  readonly examples: readonly Drift[];
  /** Ids re-read because what the index holds was not certain; no drift. */
  readonly ambiguous: number;
  /** Ids that changed while they were looked at. */
  readonly notJudged: number;
  readonly repaired: number;
  readonly unrepairable: { readonly count: number; readonly ids: readonly string[] };
  /** Drift that is still there after repair, distinct ids. */
  readonly remaining: number;
  readonly breaker: { readonly state: BreakerState; readonly reason?: string };
  readonly seconds: number;
  readonly cost: { readonly exportGigabytes: number; readonly dollars: number; readonly note: string };
  /** Earlier runs, oldest first, at most 50. */
  readonly trend: readonly {
    readonly run: string;
    readonly finishedAt: string;
    readonly drift: number;
    readonly remaining: number;
    readonly seconds: number;
  }[];
}
