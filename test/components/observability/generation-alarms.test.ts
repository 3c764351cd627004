/** Alarms on metrics by name. That AWS emits its own under these names and dimensions is AWS's documentation's word. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeWriteMetrics } from "../../../adapters/lambda-metrics.ts";
import { readJson, recordEnvironment } from "../../support/record-environment.ts";
import type { RecordedResource } from "../../support/record-resources.ts";

const alarms = async () => (await recordEnvironment()).all("Alarm");
const dimensionsOf = ({ inputs }: RecordedResource): Record<string, unknown> =>
  Object.fromEntries(
    [inputs["dimensions"]].flat().map((dimension) => [Object(dimension).name, Object(dimension).value]),
  );

it("watches seven things of a generation and one of the environment, each with the line it must not cross", async () => {
  const watched = (await alarms()).map(({ name, inputs }) => {
    const { namespace, metricName, statistic, threshold } = inputs;
    return `${name.replace("orders-custom-1-", "")}: ${namespace} ${metricName} ${statistic} ${threshold}`;
  });
  expect(watched.sort()).toEqual([
    "breaker: Trueup AuditBreakerOpen Maximum 1",
    "build-failed: AWS/States ExecutionsFailed Sum 1",
    "build-stuck: AWS/States ExecutionsTimedOut Sum 1",
    "dead-letters: AWS/SQS ApproximateNumberOfMessagesVisible Maximum 1",
    "drift: Trueup AuditRemaining Maximum 1",
    "errors: AWS/Lambda Errors Sum 5",
    "lag: AWS/Lambda IteratorAge Maximum 69120000",
    "shop-audit-failed: AWS/States ExecutionsFailed Sum 1",
  ]);
});

it("names the resources of its generation as AWS names them", async () => {
  const named = new Map((await alarms()).map((alarm) => [alarm.name, dimensionsOf(alarm)]));
  expect(named.get("orders-custom-1-lag")).toEqual({ FunctionName: "orders-custom-1-stream-1a2b3c4" });
  expect(named.get("orders-custom-1-errors")).toEqual({ FunctionName: "orders-custom-1-stream-1a2b3c4" });
  expect(named.get("orders-custom-1-dead-letters")).toEqual({
    QueueName: "orders-custom-1-dead-letters-1a2b3c4",
  });
  const StateMachineArn =
    "arn:aws:states:eu-central-1:111122223333:stateMachine:orders-custom-1-build-1a2b3c4";
  expect(named.get("orders-custom-1-build-failed")).toEqual({ StateMachineArn });
  expect(named.get("orders-custom-1-build-stuck")).toEqual({ StateMachineArn });
});

it("watches our own metric under the dimensions that functions write it with", async () => {
  const lines: string[] = [];
  const log = jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  makeWriteMetrics({ environment: "shop", table: "orders", generation: "orders-custom-1" })([
    { name: "AuditBreakerOpen", unit: "Count", values: [1] },
  ]);
  log.mockRestore();
  const { _aws, ...written } = JSON.parse(lines[0] ?? "{}");
  const [{ Namespace, Dimensions }] = _aws.CloudWatchMetrics;
  const breaker = (await recordEnvironment()).find("orders-custom-1-breaker", "Alarm");
  expect(breaker.inputs["namespace"]).toBe(Namespace);
  expect([Object.keys(dimensionsOf(breaker)).sort()]).toEqual(
    Dimensions.map((names: string[]) => names.sort()),
  );
  for (const [name, value] of Object.entries(dimensionsOf(breaker))) expect(written[name]).toBe(value);
});

it("tells the environment's topic, names its page of the runbook, and is silent while nothing is measured", async () => {
  for (const { inputs } of await alarms()) {
    expect(inputs).toMatchObject({
      alarmActions: ["arn:aws:sns:eu-central-1:111122223333:shop-events-1a2b3c4"],
      alarmDescription: expect.stringMatching(
        /^(?:.* orders-custom-1 |An audit failed).* See docs\/runbook\.md#[a-z-]+\.$/,
      ),
      treatMissingData: "notBreaching",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      evaluationPeriods: 1,
      period: 300,
    });
  }
});

it("names a heading that the runbook has", async () => {
  const page = readFileSync(join(__dirname, "../../../docs/runbook.md"), "utf8");
  const headings = page.split("\n").flatMap((line) => (line.startsWith("## ") ? [line.slice(3)] : []));
  const named = (await alarms()).map(
    ({ inputs }) => /#(.+)\.$/.exec(String(inputs["alarmDescription"]))?.[1],
  );
  expect(headings).toEqual(expect.arrayContaining(named));
});

it("watches for a build that runs out of time, which a build without a limit would never do", async () => {
  const build = (await recordEnvironment()).find("orders-custom-1-build", "StateMachine");
  expect(readJson(build, "definitionString")["TimeoutSeconds"]).toBeGreaterThan(0);
});
