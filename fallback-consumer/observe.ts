/** What one invocation did, for metrics. */
export interface Observation {
  readonly applied: number;
  readonly superseded: number;
  readonly rejected: number;
  readonly unavailable: number;
  readonly deadLetters: number;
  /** Of each applied change: source commit to acknowledgement. Whole seconds are as exact as AWS dates changes. */
  readonly delaysMillis: readonly number[];
  /** The first reason of each kind of refusal, without values. */
  readonly reasons: readonly string[];
}

/** Takes note of an invocation. Must not throw. */
export type Observe = (observation: Observation) => void;
