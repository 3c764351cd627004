import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "../environment-context.ts";
import type { GenerationPath } from "../index-generation/index-generation.ts";
import { ageMetric, deadLettersMetric, type MetricName } from "./path-metrics.ts";

/** What the dashboard shows of one table. */
export interface DashboardTable {
  readonly table: string;
  /** Whether index-lifecycle looks how far its generations are behind. */
  readonly isWatched: boolean;
  readonly generations: readonly {
    readonly plan: { readonly generation: string };
    readonly path: GenerationPath;
  }[];
}

/** What is shown: tables, and databases by name. */
export interface Dashboarded {
  readonly tables: readonly DashboardTable[];
  readonly sources: readonly string[];
}

type Metric = readonly pulumi.Input<string>[];

interface Widget {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly stat: string;
}

const WIDTH = 8;
const HEIGHT = 6;
/** A dashboard holds 500 widgets: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const GROUPS_EACH = 80;

/** As many dashboards as its tables need: most environments have one. */
export function makeEnvironmentDashboards(
  name: string,
  context: EnvironmentContext,
  { tables, sources }: Dashboarded,
  opts: pulumi.CustomResourceOptions,
): void {
  const { environment } = context;
  const groups = [
    ...sources.map((source) => sourceWidgets(environment, source)),
    ...tables.map((table) => tableWidgets(environment, table)),
  ];
  for (let first = 0; first < Math.max(1, groups.length); first += GROUPS_EACH) {
    const suffix = first === 0 ? "" : `-${first / GROUPS_EACH + 1}`;
    makeDashboard(`${name}${suffix}`, context, groups.slice(first, first + GROUPS_EACH), opts);
  }
}

/** Two rows a database or table. */
function makeDashboard(
  name: string,
  context: EnvironmentContext,
  groups: readonly (readonly Widget[])[],
  opts: pulumi.CustomResourceOptions,
): void {
  const widgets = groups.flatMap((group, row) =>
    group.map(({ title, metrics, stat }, column) => ({
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

/** Of a database: how much of its log it keeps for its slot, and whether all is well with that. */
function sourceWidgets(environment: string, source: string): readonly Widget[] {
  const ours = (metric: string): readonly Metric[] => [
    ["Trueup", metric, "service", "trueup", "environment", environment, "source", source],
  ];
  return [
    { title: `${source}: log kept for the slot, bytes`, metrics: ours("SlotRetained"), stat: "Maximum" },
    { title: `${source}: log not in Kafka yet, bytes`, metrics: ours("SlotUnconfirmed"), stat: "Maximum" },
    {
      title: `${source}: slot unread, at risk, lost`,
      metrics: ["SlotInactive", "SlotAtRisk", "SlotLost", "SourceUnseen"].flatMap(ours),
      stat: "Maximum",
    },
  ];
}

/** Of a table: how far behind it is, how much it writes, what it could not write, what audits found. */
function tableWidgets(
  environment: string,
  { table, isWatched, generations }: DashboardTable,
): readonly Widget[] {
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
  const age = isWatched ? ours("LagMillis") : generations.map(({ path }) => toMetric(ageMetric(path)));
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
