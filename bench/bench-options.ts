import { parseArgs } from "node:util";

/** What a benchmark may be told on its command line. */
export interface BenchOptions {
  /** Search engine, from `--search` or `TRUEUP_TEST_SEARCH`. */
  readonly search: string;
  /** AWS endpoint that has S3, from `--aws` or `TRUEUP_TEST_AWS`. */
  readonly aws: string;
  readonly records: number;
  readonly rounds: number;
}

/** Reads the options; without engines there is nothing to measure. */
export function readBenchOptions(defaults: {
  readonly records: number;
  readonly rounds: number;
}): BenchOptions {
  const { values } = parseArgs({
    options: {
      search: { type: "string" },
      aws: { type: "string" },
      records: { type: "string" },
      rounds: { type: "string" },
    },
  });
  const search = values.search ?? process.env["TRUEUP_TEST_SEARCH"];
  const aws = values.aws ?? process.env["TRUEUP_TEST_AWS"];
  if (search === undefined || aws === undefined) {
    throw new Error("name the engines: --search URL --aws URL, or TRUEUP_TEST_SEARCH and TRUEUP_TEST_AWS");
  }
  return {
    search,
    aws,
    records: Number(values.records ?? defaults.records),
    rounds: Number(values.rounds ?? defaults.rounds),
  };
}

/** The middle value: one disturbed round changes nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
