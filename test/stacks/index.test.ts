/** The entry that `pulumi up` runs. The program behind it and the hook are replaced: mocks start no hooks. */
import * as pulumi from "@pulumi/pulumi";

const runProgram = jest.fn();
const hook = { name: "retry" };
jest.mock("../../stacks/program.ts", () => ({ runProgram: (...args: unknown[]) => runProgram(...args) }));
jest.mock("../../components/index.ts", () => ({
  ...jest.requireActual<object>("../../components/index.ts"),
  makeRetryWhileRoleSpreads: () => hook,
}));

it("hands on structure as structure and text as text, and nothing that is not set", async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: () => ({ id: undefined, state: {} }),
      call: () => ({}),
    },
    "trueup",
    "prod",
  );
  pulumi.runtime.setAllConfig({
    "trueup:target": '{"domain":{"instanceType":"r7g.large.search","instanceCount":3}}',
    "trueup:tables": "{}",
    "trueup:keyArn": "arn:aws:kms:eu-central-1:1:key/a",
    "trueup:protect": "false",
    "trueup:logRetentionDays": "7",
    "aws:region": "eu-central-1",
  });
  await import("../../stacks/index.ts");
  await pulumi.runtime.disconnect();
  expect(runProgram.mock.calls).toEqual([
    [
      {
        target: { domain: { instanceType: "r7g.large.search", instanceCount: 3 } },
        tables: {},
        keyArn: "arn:aws:kms:eu-central-1:1:key/a",
        protect: false,
        logRetentionDays: 7,
      },
      { stack: "prod", projectRoot: pulumi.getRootDirectory(), errorHooks: [hook] },
    ],
  ]);
});
