import * as pulumi from "@pulumi/pulumi";
import type { GenerationPath } from "../index-generation/index-generation.ts";
import type { SourceLog, TableSource } from "../table-context.ts";

/** A metric of CloudWatch. */
export interface MetricName {
  readonly namespace: string;
  readonly metricName: pulumi.Input<string>;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The log that index-lifecycle looks at for a generation: of a database, where our consumer reads it. */
export function watchedLog(
  source: TableSource,
  { mode }: Pick<GenerationPath, "mode">,
): SourceLog | undefined {
  return source.kind === "sql" && mode === "custom" ? source.log : undefined;
}

/**
 * How far behind its source a generation's writer is, milliseconds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html `IteratorAge`
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-pipeline-metrics.html `EndToEndLatency`
 */
export function ageMetric(path: GenerationPath): MetricName {
  if (path.mode === "managed") return pipelineMetric(path.pipeline, "opensearch.EndToEndLatency.max");
  const dimensions = { FunctionName: path.stream.functionName };
  return { namespace: "AWS/Lambda", metricName: "IteratorAge", dimensions };
}

/** Documents that nobody could index, as they wait for a person. */
export function deadLettersMetric({ rereads }: GenerationPath): MetricName {
  return {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: rereads.deadLetterQueue.queueName.apply((given) => given ?? "") },
  };
}

/** A metric of the sub-pipeline that writes documents; its name begins with that one's. */
export function pipelineMetric(
  pipeline: Extract<GenerationPath, { mode: "managed" }>["pipeline"],
  metric: string,
): MetricName {
  return {
    namespace: "AWS/OSIS",
    metricName: pulumi.interpolate`${pipeline.documentsPipelineName}.${metric}`,
    dimensions: { PipelineName: pipeline.pipelineName },
  };
}
