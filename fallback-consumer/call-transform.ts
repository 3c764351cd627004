import { setTimeout as pauseMillis } from "node:timers/promises";
import { backoffMillis } from "../core/backoff.ts";
import { SyncError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { EnrichedRecord, TransformResult, TransformServices, UserTransform } from "../core/transform.ts";
import { callBounded } from "./call-bounded.ts";
import type { CallTransform } from "./isolate-failures.ts";

/** Waits between tries. Tests and the test kit wait for nothing. */
export type Pause = (millis: number) => Promise<unknown>;

/** The least time worth starting a call with. */
const SHORTEST_CALL_MILLIS = 100;

/**
 * Bounds calls of a user's transform in time.
 *
 * A call gets its declared time or its share of what the invocation has left, whichever is less: the share
 * leaves room to halve a batch down to one record, so that a record that hangs is always found.
 */
export function makeCallTransform(services: TransformServices, now: Clock, pause: Pause = pauseMillis) {
  return (transform: UserTransform, deadline: number): CallTransform => ({
    hasTime: () => deadline - now() > SHORTEST_CALL_MILLIS,
    pause: async (attempt) => {
      await pause(Math.min(backoffMillis(attempt, Math.random()), Math.max(0, deadline - now())));
    },
    run: async (records) => {
      const share = (deadline - now()) / (Math.ceil(Math.log2(records.length + 1)) + 2);
      return runBounded(transform, records, services, Math.min(transform.timeoutMillis, share));
    },
  });
}

async function runBounded(
  transform: UserTransform,
  records: readonly EnrichedRecord[],
  services: TransformServices,
  limitMillis: number,
): Promise<readonly TransformResult[]> {
  const results: unknown = await callBounded(
    limitMillis,
    ({ fetch }) => transform.transform(records, { ...services, fetch }),
    () => failed(`no answer within ${Math.round(limitMillis)} ms`, records.length),
    services.fetch,
  );
  return requireResults(results, records.length);
}

function requireResults(results: unknown, count: number): readonly TransformResult[] {
  if (!Array.isArray(results)) throw invalid("a transform did not return an array", count);
  if (results.length !== count) throw invalid(`a transform returned ${results.length} results`, count);
  for (const result of results) {
    if (typeof result !== "object") throw invalid(`a transform returned a ${typeof result}`, count);
  }
  return results;
}

function failed(what: string, count: number): SyncError {
  return new SyncError("TRANSFORM_FAILED", what, {
    subject: `${count} records`,
    fix: "make the transform or what it calls faster, or raise timeoutMillis",
    retryable: true,
  });
}

function invalid(what: string, count: number): SyncError {
  return new SyncError("TRANSFORM_INVALID", what, {
    subject: `${count} records`,
    fix: "return one object, array or null for each record, in order",
    retryable: false,
  });
}
