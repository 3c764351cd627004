import { parseArgs } from "node:util";

/** What a person may change about a run of the demo. */
export interface DemoOptions {
  /** How many places are loaded. */
  readonly records: number;
  /** Leave the stack running at the end, to look around in it. */
  readonly keep: boolean;
}

/** All places the data set has. */
const ALL_PLACES = 135_233;
const FEWEST_PLACES = 2_000;
/** Rows of the relational chapter, at the most. */
export const CITIES_ROWS = 50_000;

/** Reads `--records N` and `--keep`; anything else is an error that names the option. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: "string" }, keep: { type: "boolean", default: false } },
  });
  const records = Number(values.records ?? ALL_PLACES);
  return {
    records: Math.max(FEWEST_PLACES, Math.min(ALL_PLACES, Math.floor(records) || ALL_PLACES)),
    keep: values.keep,
  };
}
