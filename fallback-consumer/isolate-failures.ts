import type { EnrichedRecord, TransformResult } from "../core/transform.ts";

/** What the transform did with one record, once others' failures were told apart from its own. */
export type IsolatedResult =
  | { readonly kind: "returned"; readonly value: TransformResult }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "unsettled" };

/** One bounded call of a transform. */
export interface CallTransform {
  /** Rejects when the transform throws, is too slow, or returns another number of results than records. */
  readonly run: (records: readonly EnrichedRecord[]) => Promise<readonly TransformResult[]>;
  /** Whether there is time for another call. */
  readonly hasTime: () => boolean;
  /** Waits before a record that failed alone is tried again. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** How often a record that fails alone is tried within one invocation. */
const TRIES_ALONE = 3;

/**
 * Transforms a batch; when that fails, halves it until the records to blame are alone.
 *
 * A batch of n records with one to blame costs about 2 x log2(n) calls. Never throws.
 */
export async function isolateFailures(
  records: readonly EnrichedRecord[],
  call: CallTransform,
): Promise<readonly IsolatedResult[]> {
  if (records.length === 0) return [];
  if (!call.hasTime()) return records.map(() => ({ kind: "unsettled" }));
  try {
    const values = await call.run(records);
    return values.map((value) => ({ kind: "returned", value }));
  } catch (cause) {
    if (records.length === 1) return [await tryAlone(records, call, cause)];
    const half = Math.ceil(records.length / 2);
    const first = await isolateFailures(records.slice(0, half), call);
    return [...first, ...(await isolateFailures(records.slice(half), call))];
  }
}

async function tryAlone(
  records: readonly EnrichedRecord[],
  call: CallTransform,
  firstCause: unknown,
): Promise<IsolatedResult> {
  let cause = firstCause;
  for (let attempt = 1; attempt < TRIES_ALONE; attempt += 1) {
    await call.pause(attempt);
    if (!call.hasTime()) return { kind: "unsettled" };
    try {
      const [value = null] = await call.run(records);
      return { kind: "returned", value };
    } catch (again) {
      cause = again;
    }
  }
  return {
    kind: "failed",
    reason: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
  };
}
