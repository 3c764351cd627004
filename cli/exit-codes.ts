/** What a command's exit code means; scripts and pipelines rely on them. */
export const exitCodes = {
  /** Done, or equal. */
  done: 0,
  /** An error, or `check` found something missing. */
  error: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** The audit left drift, or its circuit breaker is open. */
  drift: 3,
  /** `--timeout` passed. */
  timeout: 4,
  /** Applied, but a generation that is to go still serves. */
  serving: 5,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
