import type { Clock } from "./ports/clock.ts";

interface Kept<Value> {
  readonly value: Value;
  readonly until: number;
}

/** Values kept for a time, a certain number of them: the least recently used make room. */
export class BoundedCache<Value> {
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #maximumEntries: number;
  readonly #timeToLiveMillis: number;
  readonly #now: Clock;

  constructor({ maximumEntries, timeToLiveMillis }: CacheBounds, now: Clock) {
    this.#maximumEntries = maximumEntries;
    this.#timeToLiveMillis = timeToLiveMillis;
    this.#now = now;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** @returns the value in an object, so that a kept `undefined` is told from none; undefined where none is kept */
  get(key: string): { readonly value: Value } | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    if (found.until <= this.#now()) return undefined;
    this.#kept.set(key, found);
    return found;
  }

  set(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: this.#now() + this.#timeToLiveMillis });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#maximumEntries) return;
      this.#kept.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}

/** How much a cache keeps, and how long. */
export interface CacheBounds {
  readonly maximumEntries: number;
  readonly timeToLiveMillis: number;
}
