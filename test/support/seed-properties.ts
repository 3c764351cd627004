import fc from "fast-check";
import { runs, SOAK_FACTOR } from "./runs.ts";

/** The same sample at every commit: a commit is judged by what it changes, not by the luck of a seed. */
const SEED = 20_261_125;

// Read by jest before every test file. A soak draws a new sample each time, and prints the seed of a failure.
fc.configureGlobal(SOAK_FACTOR === 1 ? { seed: SEED, ...runs(100) } : runs(100));
