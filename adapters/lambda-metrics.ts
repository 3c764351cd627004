import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measure, WriteMeasures } from "../core/ports/write-measures.ts";

/** The CloudWatch namespace of every metric this project writes. */
const METRIC_NAMESPACE = "Trueup";

/** EMF holds at most 100 values of one metric in one line. */
const MOST_VALUES = 100;

/** What names a function's metrics and log lines. */
export interface FunctionLabels {
  readonly environment: string;
  readonly table: string;
  readonly generation: string;
}

/** A logger whose lines carry the function's table and generation. */
export function makeLogger(service: string, labels: FunctionLabels): Logger {
  return new Logger({ serviceName: service, persistentKeys: { ...labels } });
}

/**
 * Writes metrics as log lines in the embedded metric format, which needs no network and no permission.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function makeWriteMetrics({ environment, table, generation }: FunctionLabels) {
  return makeWrite({ environment, table, generation });
}

/** Writes metrics of whatever an environment has, as {@link makeWriteMetrics} does. */
export function makeWriteMeasures(environment: string): WriteMeasures {
  return (dimensions, measures) => makeWrite({ environment, ...dimensions })(measures);
}

function makeWrite(defaultDimensions: Record<string, string>) {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: "trueup", defaultDimensions });
  return (measures: readonly Measure[]): void => {
    for (const { name, unit, values } of measures) {
      for (const value of thinOut(values)) metrics.addMetric(name, MetricUnit[unit], value);
    }
    metrics.publishStoredMetrics();
  };
}

/** Evenly spread ranks of the sorted values, so that percentiles survive. */
function thinOut(values: readonly number[]): readonly number[] {
  if (values.length < MOST_VALUES) return values;
  const sorted = [...values].sort((left, right) => left - right);
  const last = MOST_VALUES - 2;
  return Array.from(
    { length: last + 1 },
    (_, rank) => sorted[Math.round((rank * (sorted.length - 1)) / last)] ?? 0,
  );
}
