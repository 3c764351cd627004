/** A workflow's resources; its definition has tests of its own. */
import { recordEnvironment } from "../support/record-environment.ts";

it("is a machine, its role and the right to run its own maps", async () => {
  const recording = await recordEnvironment({}, {});
  const component = recording.find("shop-audit-workflow", "WorkflowMachine");
  const children = recording.resources.filter(({ parent }) => parent === component.urn);
  expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "aws-native:iam:Role shop-audit-workflow-role",
    "aws-native:iam:RolePolicy shop-audit-workflow-own-map",
    "aws-native:iam:RolePolicy shop-audit-workflow-role-workflow",
    "aws-native:stepfunctions:StateMachine shop-audit-workflow",
  ]);
});

it("is not known to others before it may run its own maps", async () => {
  const recording = await recordEnvironment();
  const ownMap = recording.find("shop-audit-workflow-own-map", "RolePolicy").urn;
  for (const [name, type] of [
    ["orders-audit-schedule", "Schedule"],
    ["orders-custom-1-build", "StateMachine"],
  ] as const) {
    expect(recording.dependenciesOf(recording.find(name, type))).toContain(ownMap);
  }
});
