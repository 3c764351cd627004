/** What an environment is made of. The mock engine proves neither that AWS takes the inputs nor that roles suffice. */
import * as pulumi from "@pulumi/pulumi";
import { environmentSchema } from "../../adapters/environment-schema.ts";
import { SearchSync } from "../../components/index.ts";
import { fakeCode } from "../support/fake-code-builder.ts";
import { recordEnvironment, recordRefusal } from "../support/record-environment.ts";
import { type RecordedResource, type Recording, recordResources } from "../support/record-resources.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/abc";
const keyed = () => recordEnvironment({ keyArn: pulumi.output(KEY) });

it("makes a bucket, a topic, index-lifecycle, the audit and a dashboard, and nothing of a domain behind a URL", async () => {
  const { resources } = await recordEnvironment({}, {});
  const own = resources.filter(({ type }) => type.startsWith("aws-native:"));
  expect(own.map(({ type, name }) => `${type.slice("aws-native:".length)} ${name}`).sort()).toEqual([
    "cloudwatch:Alarm shop-audit-failed",
    "cloudwatch:Dashboard shop-dashboard",
    "iam:Role shop-audit-function-role",
    "iam:Role shop-audit-workflow-role",
    "iam:Role shop-lifecycle-role",
    "iam:RolePolicy shop-audit-function-role-function",
    "iam:RolePolicy shop-audit-workflow-own-map",
    "iam:RolePolicy shop-audit-workflow-role-workflow",
    "iam:RolePolicy shop-lifecycle-role-function",
    "lambda:Function shop-audit-function",
    "lambda:Function shop-lifecycle",
    "logs:LogGroup shop-audit-function-logs",
    "logs:LogGroup shop-lifecycle-logs",
    "sns:Topic shop-events",
    "stepfunctions:StateMachine shop-audit-workflow",
  ]);
});

it("puts everything under the environment's component, so that its providers and aliases reach all of it", async () => {
  const { resources } = await recordEnvironment();
  const top = resources.filter(({ parent }) => parent === "" || parent.includes("pulumi:pulumi:Stack"));
  expect(top.map(({ name }) => name)).toEqual(["shop"]);
  const urns = new Set(resources.map(({ urn }) => urn));
  expect(resources.filter(({ name, parent }) => name !== "shop" && !urns.has(parent))).toEqual([]);
});

it("exports what the command line reads, with every table", async () => {
  const { result } = await recordEnvironment({}, { orders: {}, customers: {} });
  const environment = environmentSchema.parse(result?.environment);
  expect(Object.keys(environment.tables)).toEqual(["orders", "customers"]);
  expect(environment).toMatchObject({
    environment: "shop",
    region: "eu-central-1",
    accountId: "111122223333",
    stateBucket: "shop-state-1a2b3c4",
    auditStateMachine: "arn:aws:states:eu-central-1:111122223333:stateMachine:shop-audit-workflow-1a2b3c4",
    topicArn: "arn:aws:sns:eu-central-1:111122223333:shop-events-1a2b3c4",
  });
});

it("tells the addresses given of what happens", async () => {
  const { inputs } = (await recordEnvironment({ notifyEmails: ["a@example.com"] }, {})).find(
    "shop-events",
    "Topic",
  );
  expect(inputs["subscription"]).toEqual([{ protocol: "email", endpoint: "a@example.com" }]);
});

it.each<[string, (recording: Recording<unknown>) => readonly RecordedResource[], string]>([
  ["functions", (recording) => recording.all("Function"), "kmsKeyArn"],
  ["logs", (recording) => recording.all("LogGroup"), "kmsKeyId"],
  ["queues", (recording) => recording.all("Queue"), "kmsMasterKeyId"],
  ["the topic", (recording) => recording.all("Topic"), "kmsMasterKeyId"],
])("encrypts %s with the key given as an output", async (_, pick, property) => {
  const picked = pick(await keyed());
  expect(picked.length).toBeGreaterThan(0);
  expect(picked.map(({ inputs }) => inputs[property])).toEqual(picked.map(() => KEY));
});

it("leaves encryption to AWS's own keys where no key is given", async () => {
  const recording = await recordEnvironment();
  expect(recording.all("Queue").map(({ inputs }) => inputs["sqsManagedSseEnabled"])).toEqual([true, true]);
  expect(JSON.stringify(recording.resources)).not.toMatch(/kms(MasterKeyId|KeyId|KeyArn)"/);
});

it("puts the permissions boundary on every role", async () => {
  const permissionsBoundary = pulumi.output("arn:aws:iam::111122223333:policy/boundary");
  const target = { domain: { instanceType: "r7g.large.search", instanceCount: 1 } };
  const roles = (await recordEnvironment({ permissionsBoundary, target })).all("Role");
  expect(roles).toHaveLength(11);
  for (const { inputs } of roles) {
    expect(inputs["permissionsBoundary"]).toBe("arn:aws:iam::111122223333:policy/boundary");
  }
});

it("places every function in the network given as outputs, and none without one", async () => {
  const network = {
    vpcId: pulumi.output("vpc-1"),
    subnetIds: pulumi.output(["subnet-1", "subnet-2"]),
    securityGroupIds: [pulumi.output("sg-1")],
  };
  const placed = (await recordEnvironment({ network }))
    .all("Function")
    .map(({ inputs }) => inputs["vpcConfig"]);
  expect(placed).toEqual(
    placed.map(() => ({ subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] })),
  );
  const free = (await recordEnvironment()).all("Function");
  expect(free.filter(({ inputs }) => "vpcConfig" in inputs)).toEqual([]);
});

it("keeps logs as long as it is told", async () => {
  const kept = (recording: Recording<unknown>) =>
    new Set(recording.all("LogGroup").map(({ inputs }) => inputs["retentionInDays"]));
  expect(kept(await recordEnvironment())).toEqual(new Set([30]));
  expect(kept(await recordEnvironment({ logRetentionDays: 90 }))).toEqual(new Set([90]));
});

it("refuses bad arguments all at once, before any resource, the component included", async () => {
  const refusal = await recordRefusal(
    () =>
      new SearchSync("Shop", {
        target: { domain: { instanceType: "x", instanceCount: 0 } },
        logRetentionDays: 2,
        code: fakeCode,
      }),
  );
  expect(String(refusal)).toContain("CONFIGURATION_INVALID: SearchSync Shop has 3 bad argument(s).");
  expect(refusal).toMatchObject({
    errors: [
      { propertyPath: "name" },
      { propertyPath: "logRetentionDays" },
      { propertyPath: "target.domain.instanceCount" },
    ],
  });
});

it("describes an environment without tables", async () => {
  const { result, ...recording } = await recordEnvironment({}, {});
  expect(environmentSchema.parse(result?.environment).tables).toEqual({});
  expect(recording.resources.find(({ name }) => name === "shop-dashboard")?.inputs).toEqual({
    dashboardBody: '{"widgets":[]}',
  });
});

it("looks nothing up but region, account and partition when every fact of a table is given", async () => {
  const { lookups } = await recordResources(() => {
    const target = { url: { url: "https://x", authentication: { kind: "none" } } } as const;
    return new SearchSync("shop", { target, code: fakeCode });
  });
  expect(lookups.map(({ token }) => token).sort()).toEqual([
    "aws:index/getCallerIdentity:getCallerIdentity",
    "aws:index/getPartition:getPartition",
    "aws:index/getRegion:getRegion",
  ]);
});
