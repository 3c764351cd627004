/** The dashboard's body, as CloudWatch's reference describes it. That CloudWatch draws it is to be seen there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readJson, recordEnvironment } from "../../support/record-environment.ts";
import { PROJECT_ROOT } from "../../support/stack-files.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const bodySchema = z.strictObject({
  widgets: z.array(
    z.strictObject({
      type: z.literal("metric"),
      x: z.int().min(0).max(23),
      y: z.int().min(0),
      width: z.int().min(1).max(24),
      height: z.int().min(1),
      properties: z.strictObject({
        title: z.string(),
        metrics: z.array(z.array(z.string()).min(4)).min(1),
        stat: z.enum(["p99", "Maximum", "Sum"]),
        region: z.literal("eu-central-1"),
        period: z.literal(60),
        view: z.literal("timeSeries"),
      }),
    }),
  ),
});

const generations = [{ mode: "custom" }, { mode: "custom", revision: 2 }] as const;
const readWidgets = async () => {
  const recording = await recordEnvironment({}, { orders: { generations }, customers: {} });
  return bodySchema.parse(readJson(recording.find("shop-dashboard", "Dashboard"), "dashboardBody")).widgets;
};

it("shows six things of every table, no widget over another", async () => {
  const widgets = await readWidgets();
  const titles = [
    "delay p99, ms",
    "how far behind, ms",
    "documents written",
    "dead letters",
    "drift found",
    "drift remaining",
  ];
  expect(widgets.map(({ properties }) => properties.title)).toEqual(
    ["orders", "customers"].flatMap((table) => titles.map((title) => `${table}: ${title}`)),
  );
  expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(12);
  expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true);
});

// CloudWatch refuses a dashboard of over 500 widgets.
it("goes on in another dashboard where one would hold too many widgets", async () => {
  const names = Array.from({ length: 81 }, (_, place) => `orders-${place}`);
  const tables = Object.fromEntries(names.map((name) => [name, { source: { dynamodb: "orders" } }]));
  const recording = await recordEnvironment({}, tables);
  const count = (name: string) =>
    bodySchema.parse(readJson(recording.find(name, "Dashboard"), "dashboardBody")).widgets.length;
  expect(recording.all("Dashboard").map(({ name }) => [name, count(name)])).toEqual([
    ["shop-dashboard", 480],
    ["shop-dashboard-2", 6],
  ]);
});

it("draws one line a generation, by the dimensions its metric is written with", async () => {
  const metrics = Object.fromEntries(
    (await readWidgets()).map(({ properties }) => [properties.title, properties.metrics]),
  );
  const ours = (metric: string, generation: string) => [
    ...["Trueup", metric, "service", "trueup", "environment", "shop"],
    ...["table", "orders", "generation", generation],
  ];
  expect(metrics["orders: delay p99, ms"]).toEqual([
    ours("DelayMillis", "orders-custom-1"),
    ours("DelayMillis", "orders-custom-2"),
  ]);
  expect(metrics["orders: drift found"]?.[0]).toEqual(ours("AuditDrift", "orders-custom-1"));
  expect(metrics["orders: how far behind, ms"]?.[1]).toEqual([
    ...["AWS/Lambda", "IteratorAge"],
    ...["FunctionName", "orders-custom-2-stream-1a2b3c4"],
  ]);
  expect(metrics["customers: dead letters"]).toEqual([
    ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "customers-custom-1-dead-letters-1a2b3c4"],
  ]);
});

it("shows only metrics that functions write, by the list the parts agree on", async () => {
  const agreed = readFileSync(join(PROJECT_ROOT, "docs/internals.md"), "utf8");
  const metrics = (await readWidgets()).flatMap(({ properties }) => properties.metrics);
  const ours = metrics.filter(([namespace]) => namespace === "Trueup").map(([, metric]) => metric);
  expect(ours.length).toBeGreaterThan(0);
  for (const metric of ours) expect(agreed).toContain(`\`${metric}\``);
});
