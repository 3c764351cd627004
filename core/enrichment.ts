import type { SourceRecord, TransformServices } from "./transform-services.ts";

/**
 * What becomes of a record while an enrichment of it fails.
 *
 * `wait`: it is tried again, up to 15 minutes after its change, then dead-lettered. `dead-letter`: at once, so that nothing
 * waits. `index-without`: indexed with `undefined`, and read again later until the enrichment is there.
 */
export type EnrichmentFailurePolicy = "wait" | "dead-letter" | "index-without";

/** What an enrichment fetches with. */
export interface EnrichmentServices extends TransformServices {
  /** Aborted when the call's time is over; `fetch` has it already. */
  readonly signal: AbortSignal;
}

/** Values from outside that documents are made with, fetched in batches and cached. */
export interface Enrichment<Value> {
  /** What a record asks for; undefined where it needs nothing. Must depend on the record alone. */
  readonly keyOf: (record: SourceRecord) => string | undefined;
  /**
   * Fetches distinct keys in one call: a value each, in the order asked, undefined where there is none.
   *
   * What it throws is tried again, and then the call is halved until the keys to blame are alone.
   */
  readonly fetchMany: (
    keys: readonly string[],
    services: EnrichmentServices,
  ) => Promise<readonly (Value | undefined)[]>;
  /** How long a value, or that there is none, is believed, seconds. @default 300 */
  readonly timeToLiveSeconds?: number;
  /** Values kept by a function instance; the least recently used go first. @default 10000 */
  readonly maximumEntries?: number;
  /** Keys a call, at most. @default 100 */
  readonly keysPerCall?: number;
  /** Calls under way at once in a function instance. @default 4 */
  readonly concurrency?: number;
  /** The longest one call may take. @default 2000 */
  readonly timeoutMillis?: number;
  /** How often a call that failed is made again, after a pause that grows from 100 ms. @default 2 */
  readonly retries?: number;
  /** @default "wait" */
  readonly whenItFails?: EnrichmentFailurePolicy;
  /** With `index-without`: when the record is read again, and again if it still fails, seconds, 10 or more. @default 60 */
  readonly rereadAfterSeconds?: number;
}

/** Enrichments of any values, by name. */
export type Enrichments = Readonly<Record<string, Enrichment<unknown>>>;

/** An enrichment with nothing left out. */
export type PlannedEnrichment = Required<Enrichment<unknown>>;

const DEFAULTS = {
  timeToLiveSeconds: 300,
  maximumEntries: 10_000,
  keysPerCall: 100,
  concurrency: 4,
  timeoutMillis: 2_000,
  retries: 2,
  whenItFails: "wait",
  rereadAfterSeconds: 60,
} as const;

/** Fills in what a declaration leaves out. */
export function planEnrichment(declared: Enrichment<unknown>): PlannedEnrichment {
  return { ...DEFAULTS, ...declared };
}
