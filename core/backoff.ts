const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 10_000;

/**
 * How long to wait before trying again: twice as long each time up to 10 s, and anything between half and all
 * of it, so that those who failed together do not return together.
 *
 * @param attempt - tries that failed so far, 1 or more
 * @param random - 0 to 1
 */
export function backoffMillis(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (attempt - 1));
  return Math.round(longest * (0.5 + random / 2));
}
