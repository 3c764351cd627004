/** The one audit of an environment. What its role may do is held against its calls in `test/stacks/permissions.test.ts`. */
import { readAuditSettings } from "../../../adapters/read-settings.ts";
import { readJson, recordEnvironment } from "../../support/record-environment.ts";

it("is one function and one workflow, whatever the number of tables", async () => {
  const none = await recordEnvironment({}, {});
  const two = await recordEnvironment({}, { orders: {}, customers: {} });
  const own = (list: readonly string[]) => list.filter((line) => line.includes("shop-audit"));
  expect(own(two.list())).toEqual(own(none.list()));
});

it("tells its function what it reads at start", async () => {
  const { inputs } = (await recordEnvironment({}, {})).find("shop-audit-function", "Function");
  const { environment, ...rest } = inputs;
  expect(rest).toMatchObject({
    timeout: 900,
    memorySize: 3538,
    code: { s3Key: expect.stringContaining("drift-audit+identity") },
  });
  expect(readAuditSettings(Object(environment).variables)).toEqual({
    environment: "shop",
    stateBucket: "shop-state-1a2b3c4",
    target: { endpoint: "https://search.example.com", authentication: { kind: "none" } },
    topicArn: "arn:aws:sns:eu-central-1:111122223333:shop-events-1a2b3c4",
  });
});

it("runs the workflow around that function", async () => {
  const recording = await recordEnvironment({}, {});
  const definition = readJson(recording.find("shop-audit-workflow", "StateMachine"), "definitionString");
  expect(JSON.stringify(definition)).toContain(
    '"FunctionName":"arn:aws:lambda:eu-central-1:111122223333:function:shop-audit-function-1a2b3c4"',
  );
});
