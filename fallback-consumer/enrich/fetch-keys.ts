import { backoffMillis } from "../../core/backoff.ts";
import { BoundedCache } from "../../core/bounded-cache.ts";
import { ConcurrencyLimit } from "../../core/concurrency-limit.ts";
import type { PlannedEnrichment } from "../../core/enrichment.ts";
import { SyncError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { TransformServices } from "../../core/transform-services.ts";
import { callBounded } from "../call-bounded.ts";
import type { Pause } from "../call-transform.ts";
import { freezeValue } from "./freeze-value.ts";

/** What became of one key. */
export type KeyOutcome = { readonly kind: "found"; readonly value: unknown } | Failure | Unsettled;

interface Failure {
  readonly kind: "failed";
  readonly reason: string;
}

/** There was no time to ask. */
interface Unsettled {
  readonly kind: "unsettled";
}

/** What keys are fetched with. */
export interface FetchKeysDeps {
  readonly services: TransformServices;
  readonly now: Clock;
  readonly pause: Pause;
}

/** Fetches distinct keys, from the cache where it has them. Never throws. */
export type FetchKeys = (
  keys: readonly string[],
  deadline: number,
) => Promise<ReadonlyMap<string, KeyOutcome>>;

/** Calls that fail without one between that succeeds: whoever is called is down, and the rest of a pass need not wait for it. */
const FAILURES_OF_AN_OUTAGE = 8;
/** How long a key that failed alone is asked for alone, so that it fails no other key's call. */
const SUSPECT_MILLIS = 15 * 60_000;
/** The least time worth starting a call with. */
const SHORTEST_CALL_MILLIS = 20;
const UNSETTLED: Unsettled = { kind: "unsettled" };

interface Pass {
  readonly deadline: number;
  readonly outcomes: Map<string, KeyOutcome>;
  failuresInARow: number;
}

/**
 * Makes the fetcher of an enrichment: one cache and one limit of concurrency for the life of a function instance.
 *
 * A call that keeps failing is halved until the keys to blame are alone, so a key that breaks its call costs others
 * a few calls, once: from then on it is asked for by itself.
 */
export function makeFetchKeys(enrichment: PlannedEnrichment, deps: FetchKeysDeps): FetchKeys {
  const { maximumEntries, timeToLiveSeconds, concurrency, keysPerCall } = enrichment;
  const cache = new BoundedCache<unknown>(
    { maximumEntries, timeToLiveMillis: timeToLiveSeconds * 1000 },
    deps.now,
  );
  const suspects = new BoundedCache<true>({ maximumEntries, timeToLiveMillis: SUSPECT_MILLIS }, deps.now);
  const limit = new ConcurrencyLimit(concurrency);
  const call = makeCall(enrichment, deps, limit);

  const settle = (keys: readonly string[], values: readonly unknown[], pass: Pass): void => {
    for (const [place, key] of keys.entries()) {
      const value = freezeValue(values[place]);
      cache.set(key, value);
      suspects.delete(key);
      pass.outcomes.set(key, { kind: "found", value });
    }
  };
  /** @param before - how a call for more keys failed; what these keys come to where there is no time to ask again */
  const fetchTogether = async (
    keys: readonly string[],
    retries: number,
    pass: Pass,
    before: Failure | Unsettled = UNSETTLED,
  ): Promise<void> => {
    const answer = await call(keys, retries, pass);
    if ("values" in answer) return settle(keys, answer.values, pass);
    if (keys.length > 1 && answer.kind === "failed" && pass.failuresInARow < FAILURES_OF_AN_OUTAGE) {
      const half = Math.ceil(keys.length / 2);
      const halves = [keys.slice(0, half), keys.slice(half)];
      await Promise.all(halves.map((some) => fetchTogether(some, 0, pass, answer)));
      return;
    }
    const outcome = answer.kind === "failed" ? answer : before;
    for (const key of keys) {
      if (outcome.kind === "failed") suspects.set(key, true);
      pass.outcomes.set(key, outcome);
    }
  };
  return async (keys, deadline) => {
    const pass: Pass = { deadline, outcomes: new Map(), failuresInARow: 0 };
    const fresh: string[] = [];
    const suspected: string[] = [];
    for (const key of keys) {
      const kept = cache.get(key);
      if (kept !== undefined) pass.outcomes.set(key, { kind: "found", value: kept.value });
      else (suspects.get(key) === undefined ? fresh : suspected).push(key);
    }
    await Promise.all(split(fresh, keysPerCall).map((some) => fetchTogether(some, enrichment.retries, pass)));
    await Promise.all(suspected.map((key) => fetchTogether([key], 0, pass)));
    return pass.outcomes;
  };
}

type Answer = { readonly values: readonly unknown[] } | Failure | Unsettled;

function makeCall(enrichment: PlannedEnrichment, deps: FetchKeysDeps, limit: ConcurrencyLimit) {
  const { now, pause } = deps;
  const hasTime = ({ deadline }: Pass) => deadline - now() > SHORTEST_CALL_MILLIS;
  const tryOnce = async (keys: readonly string[], pass: Pass): Promise<Answer> => {
    await limit.enter();
    try {
      if (!hasTime(pass)) return UNSETTLED;
      if (pass.failuresInARow >= FAILURES_OF_AN_OUTAGE)
        return { kind: "failed", reason: "calls before it failed" };
      return { values: await callOnce(enrichment, keys, deps, pass.deadline) };
    } catch (cause) {
      return { kind: "failed", reason: cause instanceof Error ? cause.message : String(cause) };
    } finally {
      limit.leave(false);
    }
  };
  return async (keys: readonly string[], retries: number, pass: Pass): Promise<Answer> => {
    let answer = await tryOnce(keys, pass);
    for (let attempt = 1; attempt <= retries && "kind" in answer && answer.kind === "failed"; attempt += 1) {
      await pause(backoffMillis(attempt, Math.random()));
      const again = await tryOnce(keys, pass);
      if ("kind" in again && again.kind === "unsettled") break;
      answer = again;
    }
    if ("values" in answer) pass.failuresInARow = 0;
    else if (answer.kind === "failed") pass.failuresInARow += 1;
    return answer;
  };
}

async function callOnce(
  { fetchMany, timeoutMillis }: PlannedEnrichment,
  keys: readonly string[],
  { services, now }: FetchKeysDeps,
  deadline: number,
): Promise<readonly unknown[]> {
  const limitMillis = Math.min(timeoutMillis, deadline - now());
  const values: unknown = await callBounded(
    limitMillis,
    ({ signal, fetch }) => fetchMany(keys, { ...services, fetch, signal }),
    () => failed(`no answer within ${Math.round(limitMillis)} ms`, keys.length),
    services.fetch,
  );
  if (!Array.isArray(values)) throw failed("fetchMany did not return an array", keys.length);
  if (values.length !== keys.length) throw failed(`fetchMany returned ${values.length} values`, keys.length);
  return values;
}

function failed(what: string, count: number): SyncError {
  return new SyncError("ENRICHMENT_FAILED", what, {
    subject: `${count} keys`,
    fix: "see that what it calls answers, a value for each key, in order",
    retryable: true,
  });
}

function split(keys: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.ceil(keys.length / size);
  return Array.from({ length: count }, (_, place) => keys.slice(place * size, (place + 1) * size));
}
