import type { EnrichedRecord, TransformConfiguration, TransformServices } from "../core/transform.ts";

/** The promises of a transform that the kit tries to break; what each is for is in `docs/transforms.md`. */
export const promiseNames = [
  "no-throw",
  "result-count",
  "valid-documents",
  "input-unchanged",
  "repeatable",
  "clock",
  "randomness",
  "other-records",
  "earlier-version",
  "batch-order",
  "batch-size",
  "unique-ids",
  "swallowed-error",
  "one-failure",
  "histories",
] as const;

/** One of {@link promiseNames}. */
export type PromiseName = (typeof promiseNames)[number];

/** What a transform is tried with. */
export interface CheckOptions {
  /**
   * Records as the source may hold them, one or more; everything tried is made of them. Numbers, texts, booleans, null, arrays
   * and objects as in JSON; a `Set` for a set, a `Uint8Array` for binary, a `bigint` for a long number.
   */
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** The names of the table's key attributes. */
  readonly key: { readonly partitionKey: string; readonly sortKey?: string };
  /** What `lookup` answers. @default it fails */
  readonly lookup?: TransformServices["lookup"];
  /** What `fetch` answers. @default it fails */
  readonly fetch?: typeof globalThis.fetch;
  /** @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** @default none */
  readonly configuration?: TransformConfiguration;
  /** Histories tried. @default 100 */
  readonly runs?: number;
  /** The same seed tries the same things. @default 1 */
  readonly seed?: number;
  /** Promises that are not made, on purpose. @default none */
  readonly except?: readonly PromiseName[];
}

/** A promise that does not hold, with the smallest case found. */
export interface BrokenPromise {
  readonly promise: PromiseName;
  /** What is wrong, in a sentence. */
  readonly what: string;
  /** The case, in lines that are ready to print. */
  readonly example: readonly string[];
  /** What to do about it. */
  readonly fix: string;
}

/** What a transform was found to do. */
export interface TransformReport {
  /** In the order of {@link promiseNames}; empty: nothing was found. */
  readonly broken: readonly BrokenPromise[];
  /** Histories that were tried, 0 where an earlier promise did not hold already. */
  readonly histories: number;
  readonly seed: number;
}

/** A record to be transformed, and the name its table knows it by. */
export type TriedRecord = EnrichedRecord;
