import * as awsNative from "@pulumi/aws-native";
import type * as pulumi from "@pulumi/pulumi";

/** One alarm: a metric, the line it must not cross, and what to do about it. */
export interface AlarmArgs {
  readonly namespace: string;
  readonly metricName: pulumi.Input<string>;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Maximum" | "Minimum" | "Sum";
  readonly threshold: number;
  /** `below` rings under the threshold, and where there is nothing to measure. @default "reached" */
  readonly rings?: "reached" | "below";
  readonly periodSeconds: number;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** Heading of `docs/runbook.md` that says what to do. */
  readonly runbook: string;
  readonly topicArn: pulumi.Input<string>;
}

/** An alarm that rings when a metric reaches its threshold, unless told otherwise, and is silent while there is nothing to measure. */
export function makeAlarm(
  name: string,
  args: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): awsNative.cloudwatch.Alarm {
  const isBelow = args.rings === "below";
  return new awsNative.cloudwatch.Alarm(
    name,
    {
      namespace: args.namespace,
      metricName: args.metricName,
      dimensions: Object.entries(args.dimensions).map(([dimension, value]) => ({ name: dimension, value })),
      statistic: args.statistic,
      period: args.periodSeconds,
      evaluationPeriods: 1,
      threshold: args.threshold,
      comparisonOperator: isBelow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      treatMissingData: isBelow ? "breaching" : "notBreaching",
      alarmDescription: `${args.meaning} See docs/runbook.md#${args.runbook}.`,
      alarmActions: [args.topicArn],
    },
    opts,
  );
}
