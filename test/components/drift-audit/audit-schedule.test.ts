/** EventBridge Scheduler's side. That it starts the workflow with this input is to be seen on AWS. */
import { readJson, recordEnvironment } from "../../support/record-environment.ts";

const schedule = async (table = {}) =>
  (await recordEnvironment({}, { orders: table })).find("orders-audit-schedule", "Schedule");

it("starts the environment's audit with all there is to know of the table", async () => {
  const made = await schedule();
  expect(made.inputs).toMatchObject({
    scheduleExpression: "rate(12 hours)",
    flexibleTimeWindow: { mode: "OFF" },
    state: "ENABLED",
    target: {
      arn: "arn:aws:states:eu-central-1:111122223333:stateMachine:shop-audit-workflow-1a2b3c4",
      roleArn: "arn:aws:iam::111122223333:role/orders-audit-schedule-role-1a2b3c4",
    },
  });
  expect(readJson(made, "target", "input")).toMatchObject({ kind: "auto", table: { table: "orders" } });
});

it("is declared before it is known what it starts, in a first preview", async () => {
  const recording = await recordEnvironment({}, { orders: {} }, { preview: true });
  expect(recording.find("orders-audit-schedule", "Schedule").inputs["target"]).toEqual({
    arn: "<unknown>",
    roleArn: "<unknown>",
    input: "<unknown>",
  });
});

it("sleeps for a table that is let go", async () => {
  expect((await schedule({ retire: true })).inputs["state"]).toBe("DISABLED");
});
