import { setTimeout as wait } from "node:timers/promises";
import type { CommittedPut } from "./live-writes.ts";
import { postJson } from "./search-calls.ts";

/** How long sampled changes took from the source's acknowledgement until the index had them, milliseconds. */
export interface DelayMeter {
  /** Takes every tenth put; the others are not looked at, so that measuring does not slow what it measures. */
  readonly hear: (put: CommittedPut) => void;
  /** Waits for the last sampled change, then ends. @returns delays, ascending */
  readonly stop: () => Promise<readonly number[]>;
}

const SAMPLE_EVERY = 10;
const POLL_MILLIS = 10;
const GIVE_UP_MILLIS = 60_000;

/**
 * Measures by asking the index itself: real-time reads by id, which need no refresh, see a document as soon as its bulk is
 * acknowledged. What is measured is late by a poll at most, never early.
 *
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/multi-get/ `realtime`
 */
export function startDelayMeter(search: string, alias: string): DelayMeter {
  const waiting = new Map<string, CommittedPut>();
  const delays: number[] = [];
  let [heard, running] = [0, true];

  async function poll(): Promise<void> {
    const asked = [...waiting.values()];
    if (asked.length === 0) return;
    const docs = asked.map(({ id }) => ({ _id: id, _source: ["change"] }));
    const answer = await postJson(`${search}/${alias}/_mget`, { docs });
    const now = performance.timeOrigin + performance.now();
    for (const [place, put] of asked.entries()) {
      const seen = Number(answer.docs?.[place]?._source?.["change"] ?? -1);
      if (seen >= put.change) delays.push(now - put.acknowledgedAt);
      // Deleted or written over meanwhile: what it would have measured can no longer be seen.
      if (seen >= put.change || now - put.acknowledgedAt > GIVE_UP_MILLIS) forget(put);
    }
  }

  function forget(put: CommittedPut): void {
    if (waiting.get(put.id) === put) waiting.delete(put.id);
  }

  const loop = async () => {
    while (running || waiting.size > 0) {
      await poll();
      await wait(POLL_MILLIS);
    }
  };
  const ended = loop();
  return {
    hear: (put) => {
      heard += 1;
      if (heard % SAMPLE_EVERY === 0) waiting.set(put.id, put);
    },
    stop: async () => {
      running = false;
      await ended;
      return delays.toSorted((left, right) => left - right);
    },
  };
}

/** The value below which `share` of ascending values lie. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
