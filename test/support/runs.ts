/** How many times the runs of `npm test` a soak makes; 1 otherwise. */
export const SOAK_FACTOR = Number(process.env["TRUEUP_SOAK"] ?? 1);

/** How long a property is tried. @param count - of runs in `npm test` */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: count * SOAK_FACTOR };
}
