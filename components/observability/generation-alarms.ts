import * as pulumi from "@pulumi/pulumi";
import type { IndexGeneration } from "../index-generation/index-generation.ts";
import type { TableContext } from "../table-context.ts";
import { type AlarmArgs, makeAlarm } from "./alarm.ts";
import { ageMetric, deadLettersMetric, pipelineMetric, watchedLog } from "./path-metrics.ts";

/** DynamoDB keeps stream records for 24 h; at four fifths of it there is still time to act. */
const ITERATOR_AGE_MILLIS = (24 * 3600 * 1000 * 4) / 5;
const FIVE_MINUTES = 300;
const HALF_AN_HOUR = 1800;

/** What wakes somebody up about one generation. */
export class GenerationAlarms extends pulumi.ComponentResource {
  constructor(
    name: string,
    topicArn: pulumi.Input<string>,
    context: TableContext,
    generation: IndexGeneration,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:observability:GenerationAlarms", name, {}, opts);
    for (const [suffix, alarm] of Object.entries(describeAlarms(context, generation))) {
      makeAlarm(`${generation.plan.generation}-${suffix}`, { ...alarm, topicArn }, { parent: this });
    }
    this.registerOutputs({});
  }
}

type Alarms = Readonly<Record<string, Omit<AlarmArgs, "topicArn">>>;

function consumerAlarms(
  generation: string,
  { stream }: Extract<IndexGeneration["path"], { mode: "custom" }>,
): Alarms {
  return {
    errors: {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: stream.functionName },
      statistic: "Sum",
      threshold: 5,
      periodSeconds: FIVE_MINUTES,
      meaning: `The consumer of ${generation} fails and tries again; its stream stands still.`,
      runbook: "consumer-errors",
    },
  };
}

/** Files of refused documents reach the dead-letter queue with the next audit; the pipeline tells of them at once. */
function pipelineAlarms(
  generation: string,
  { pipeline }: Extract<IndexGeneration["path"], { mode: "managed" }>,
): Alarms {
  return {
    refused: {
      ...pipelineMetric(pipeline, "opensearch.s3.dlqS3RecordsSuccess.count"),
      statistic: "Sum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `The pipeline of ${generation} could not index documents and put them aside.`,
      runbook: "pipeline-refused",
    },
    "refused-lost": {
      ...pipelineMetric(pipeline, "opensearch.s3.dlqS3RecordsFailed.count"),
      statistic: "Sum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `The pipeline of ${generation} could not even put refused documents aside.`,
      runbook: "pipeline-refused",
    },
  };
}

/**
 * Lambda tells of Kafka's topics how many records it is behind, not how long: index-lifecycle looks, and says too when it
 * cannot tell.
 */
function lagAlarms(generation: string, dimensions: AlarmArgs["dimensions"], retentionMillis: number): Alarms {
  const looked = { namespace: "Trueup", dimensions, runbook: "lag" };
  return {
    lag: {
      ...looked,
      metricName: "LagMillis",
      statistic: "Maximum",
      threshold: (retentionMillis * 4) / 5,
      periodSeconds: FIVE_MINUTES,
      meaning: `What writes ${generation} is about to lose changes to its topic's retention.`,
    },
    "lag-unknown": {
      ...looked,
      metricName: "LagUnknown",
      statistic: "Minimum",
      threshold: 1,
      periodSeconds: HALF_AN_HOUR,
      meaning: `How far ${generation} is behind its database has not been known for half an hour.`,
    },
  };
}

/** The consumer of a topic sees by its offsets that some are missing; index-lifecycle, that the slot was lost. */
function gapAlarms(generation: string, dimensions: AlarmArgs["dimensions"]): Alarms {
  return {
    gap: {
      namespace: "Trueup",
      metricName: "StreamGaps",
      dimensions,
      statistic: "Sum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `Changes that ${generation} has not read are lost.`,
      runbook: "gap",
    },
  };
}

function ageAlarms(generation: string, path: IndexGeneration["path"]): Alarms {
  return {
    lag: {
      ...ageMetric(path),
      statistic: "Maximum",
      threshold: ITERATOR_AGE_MILLIS,
      periodSeconds: FIVE_MINUTES,
      meaning: `What writes ${generation} is about to lose records to the stream's retention.`,
      runbook: "lag",
    },
  };
}

function describeAlarms(
  { environment, table, source }: TableContext,
  { plan, path, build }: IndexGeneration,
): Alarms {
  const { generation } = plan;
  const trueup = { service: "trueup", environment, table, generation };
  const build5 = { namespace: "AWS/States", dimensions: { StateMachineArn: build.arn } };
  const log = watchedLog(source, path);
  const counted = { statistic: "Sum", threshold: 1, periodSeconds: FIVE_MINUTES } as const;
  return {
    ...(log === undefined ? ageAlarms(generation, path) : lagAlarms(generation, trueup, log.retentionMillis)),
    ...(path.mode === "custom" ? consumerAlarms(generation, path) : pipelineAlarms(generation, path)),
    ...(source.kind === "sql" ? gapAlarms(generation, trueup) : {}),
    "dead-letters": {
      ...deadLettersMetric(path),
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `Records of ${generation} could not be indexed.`,
      runbook: "dead-letters",
    },
    "build-failed": {
      ...counted,
      ...build5,
      metricName: "ExecutionsFailed",
      meaning: `The build of ${generation} failed.`,
      runbook: "build-failed",
    },
    "build-stuck": {
      ...counted,
      ...build5,
      metricName: "ExecutionsTimedOut",
      meaning: `The build of ${generation} ran out of time.`,
      runbook: "build-stuck",
    },
    breaker: {
      namespace: "Trueup",
      metricName: "AuditBreakerOpen",
      dimensions: trueup,
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `An audit of ${generation} found more drift than it repairs by itself.`,
      runbook: "breaker-open",
    },
    drift: {
      namespace: "Trueup",
      metricName: "AuditRemaining",
      dimensions: trueup,
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      meaning: `An audit of ${generation} left drift behind.`,
      runbook: "drift-remains",
    },
  };
}
