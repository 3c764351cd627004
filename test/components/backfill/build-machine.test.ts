/** The build's machine in its stack: what its definition calls, its role may call. No policy is evaluated by AWS. */
import { allows, type Call, collectRoles, type RecordedRole } from "../../support/policies.ts";
import { readJson, recordEnvironment } from "../../support/record-environment.ts";
import { listTasks, type Task } from "../../support/state-machine-graph.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  "lambda:invoke": "lambda:InvokeFunction",
  "states:startExecution.sync:2": "states:StartExecution",
  "s3:getObject": "s3:GetObject",
};
/** What maps read lies among a table's audits, and is only known while the workflow runs. */
const toCall = ({ resource, target }: Task): Call => ({
  action: ACTIONS[resource.replace("arn:aws:states:::", "")] ?? resource,
  resource: target ?? "arn:aws:s3:::shop-state-1a2b3c4/audits/orders/run/files.json",
});
const refused = (role: RecordedRole | undefined, tasks: readonly Task[]) =>
  tasks.map(toCall).filter((call) => !role?.statements.some((statement) => allows(statement, call)));

it.each([
  ["orders-custom-1-build", 12],
  ["shop-audit-workflow", 20],
])(
  "lets %s make every call of its definition, and no role call a function no definition does",
  async (name, count) => {
    const recording = await recordEnvironment();
    const tasks = listTasks(readJson(recording.find(name, "StateMachine"), "definitionString"));
    expect(tasks.length).toBeGreaterThanOrEqual(count);
    const role = collectRoles(recording).get(`${name}-role`);
    expect(refused(role, tasks)).toEqual([]);
    const functions = role?.statements.filter(({ Action }) => Action.includes("lambda:InvokeFunction"));
    const called = new Set(
      tasks.filter(({ resource }) => resource.endsWith("lambda:invoke")).map(({ target }) => target),
    );
    expect(new Set(functions?.flatMap(({ Resource }) => Resource))).toEqual(called);
  },
);

it("keeps a table's build out of other tables' lists", async () => {
  const role = collectRoles(await recordEnvironment()).get("orders-custom-1-build-role");
  const other = {
    action: "s3:GetObject",
    resource: "arn:aws:s3:::shop-state-1a2b3c4/audits/orders-2/run/files.json",
  };
  expect(role?.statements.filter((statement) => allows(statement, other))).toEqual([]);
});

it("lets both workflows read their lists from a bucket under the user's key", async () => {
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/abc";
  const roles = collectRoles(await recordEnvironment({ keyArn }));
  for (const name of ["orders-custom-1-build-role", "shop-audit-workflow-role"]) {
    const call = { action: "kms:Decrypt", resource: keyArn };
    expect(roles.get(name)?.statements.some((statement) => allows(statement, call))).toBe(true);
  }
});
