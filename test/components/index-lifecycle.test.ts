/** The function behind custom resources and commands; its rights are held against its calls in `test/stacks/permissions.test.ts`. */
import { readLifecycleSettings } from "../../adapters/read-settings.ts";
import { recordEnvironment } from "../support/record-environment.ts";

const settingsOf = async (args = {}) => {
  const { environment } = (await recordEnvironment(args, {})).find("shop-lifecycle", "Function").inputs;
  return readLifecycleSettings(Object(environment).variables);
};

it("is told what it reads at start", async () => {
  expect(await settingsOf()).toEqual({
    environment: "shop",
    stateBucket: "shop-state-1a2b3c4",
    target: { endpoint: "https://search.example.com", authentication: { kind: "none" } },
    topicArn: "arn:aws:sns:eu-central-1:111122223333:shop-events-1a2b3c4",
    maximumCutoverLagSeconds: 60,
  });
});

it("moves aliases at the lag that is declared", async () => {
  expect((await settingsOf({ maximumCutoverLagSeconds: 5 })).maximumCutoverLagSeconds).toBe(5);
});
