import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "../environment-context.ts";
import type { GenerationPath } from "../index-generation/index-generation.ts";
import { ageMetric, deadLettersMetric, type MetricName } from "./path-metrics.ts";

/** What the dashboard shows of one table. */
export interface DashboardTable {
  readonly table: string;
  readonly generations: readonly {
    readonly plan: { readonly generation: string };
    readonly path: GenerationPath;
  }[];
}

type Metric = readonly pulumi.Input<string>[];

const WIDTH = 8;
const HEIGHT = 6;
/** A dashboard holds 500 widgets: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const TABLES_EACH = 80;

/** As many dashboards as its tables need: most environments have one. */
export function makeEnvironmentDashboards(
  name: string,
  context: EnvironmentContext,
  tables: readonly DashboardTable[],
  opts: pulumi.CustomResourceOptions,
): void {
  for (let first = 0; first < Math.max(1, tables.length); first += TABLES_EACH) {
    const suffix = first === 0 ? "" : `-${first / TABLES_EACH + 1}`;
    makeDashboard(`${name}${suffix}`, context, tables.slice(first, first + TABLES_EACH), opts);
  }
}

/** Two rows a table: how far behind it is, how much it writes, what it could not write, what audits found. */
function makeDashboard(
  name: string,
  context: EnvironmentContext,
  tables: readonly DashboardTable[],
  opts: pulumi.CustomResourceOptions,
): void {
  const widgets = tables.flatMap((table, row) =>
    widgetsOf(context.environment, table).map(({ title, metrics, stat }, column) => ({
      type: "metric",
      x: (column % 3) * WIDTH,
      y: (row * 2 + Math.floor(column / 3)) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { title, metrics, stat, region: context.region, period: 60, view: "timeSeries" },
    })),
  );
  new awsNative.cloudwatch.Dashboard(name, { dashboardBody: pulumi.jsonStringify({ widgets }) }, opts);
}

function widgetsOf(
  environment: string,
  { table, generations }: DashboardTable,
): readonly { readonly title: string; readonly metrics: readonly Metric[]; readonly stat: string }[] {
  const ours = (metric: string) =>
    generations.map(
      ({ plan }): Metric => [
        "Trueup",
        metric,
        "service",
        "trueup",
        "environment",
        environment,
        "table",
        table,
        "generation",
        plan.generation,
      ],
    );
  const age = generations.map(({ path }) => toMetric(ageMetric(path)));
  const letters = generations.map(({ path }) => toMetric(deadLettersMetric(path)));
  return [
    { title: `${table}: delay p99, ms`, metrics: ours("DelayMillis"), stat: "p99" },
    { title: `${table}: how far behind, ms`, metrics: age, stat: "Maximum" },
    { title: `${table}: documents written`, metrics: ours("DocumentsApplied"), stat: "Sum" },
    { title: `${table}: dead letters`, metrics: letters, stat: "Maximum" },
    { title: `${table}: drift found`, metrics: ours("AuditDrift"), stat: "Maximum" },
    { title: `${table}: drift remaining`, metrics: ours("AuditRemaining"), stat: "Maximum" },
  ];
}

function toMetric({ namespace, metricName, dimensions }: MetricName): Metric {
  return [namespace, metricName, ...Object.entries(dimensions).flat()];
}
