/**
 * How many requests may be in flight at once: halved when the target says it has too much, one more after
 * as many successes as are in flight (additive increase, multiplicative decrease).
 *
 * A bulk load under one limit takes what a loaded cluster has left, and never less than one request.
 */
export class ConcurrencyLimit {
  readonly #maximum: number;
  readonly #waiting: (() => void)[] = [];
  #allowed: number;
  #inFlight = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
    this.#allowed = maximum;
  }

  /** Requests allowed in flight now, at least 1. */
  get allowed(): number {
    return Math.floor(this.#allowed);
  }

  /** Waits for a place; every `enter` needs one `leave`. */
  async enter(): Promise<void> {
    if (this.#inFlight < this.allowed) {
      this.#inFlight += 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a place back. @param throttled - the target answered 429 */
  leave(throttled: boolean): void {
    this.#allowed = throttled
      ? Math.max(1, this.#allowed / 2)
      : Math.min(this.#maximum, this.#allowed + 1 / this.#allowed);
    this.#inFlight -= 1;
    while (this.#inFlight < this.allowed) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inFlight += 1;
      next();
    }
  }
}
