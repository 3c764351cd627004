/** One count or measurement. */
export interface Measure {
  readonly name: string;
  readonly unit: "Count" | "Milliseconds" | "Bytes";
  /** Several values make a distribution, of which CloudWatch can tell percentiles. */
  readonly values: readonly number[];
}

/** Writes measures under dimensions; the environment is one of them already. Must not throw. */
export type WriteMeasures = (
  dimensions: Readonly<Record<string, string>>,
  measures: readonly Measure[],
) => void;
