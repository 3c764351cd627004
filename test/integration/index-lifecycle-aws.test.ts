import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { makeLambdaCaller } from "../../adapters/lambda-caller.ts";
import { makeS3ControlStore } from "../../adapters/s3-control-store.ts";
import { makeS3ObjectStore } from "../../adapters/s3-object-store.ts";
import { SETTINGS_VARIABLE } from "../../core/settings.ts";
import { indexSpec, tableOf } from "../index-lifecycle/fake-deps.ts";
import { aws, createEntryFunction, deleteFunction } from "./lambda-stubs.ts";

const search = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const cloudFormation = new CloudFormationClient(aws);
const functionName = `index-lifecycle-${process.pid}`;
const functionArn = `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`;
const bucket = `index-lifecycle-${process.pid}`;
const table = `lifecycle-${process.pid}`;
const stackName = `lifecycle-${process.pid}`;
const control = makeS3ControlStore(makeS3ObjectStore(new S3Client(aws), bucket));
const call = makeLambdaCaller(new LambdaClient(aws));
let queueUrl = "";

jest.setTimeout(180_000);

beforeAll(async () => {
  await new S3Client(aws).send(new CreateBucketCommand({ Bucket: bucket }));
  const { TopicArn = "" } = await new SNSClient(aws).send(new CreateTopicCommand({ Name: stackName }));
  const queue = await new SQSClient(aws).send(new CreateQueueCommand({ QueueName: stackName }));
  queueUrl = queue.QueueUrl ?? "";
  const settings = {
    environment: "test",
    stateBucket: bucket,
    target: { endpoint: search, authentication: { kind: "none" } },
    topicArn: TopicArn,
    maximumCutoverLagSeconds: 30,
  };
  await createEntryFunction(functionName, "index-lifecycle/index-lifecycle.ts", {
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
    AWS_ENDPOINT_URL: aws.endpoint,
  });
});

afterAll(async () => {
  await deleteFunction(functionName);
  await fetch(`${search}/${table}-*?expand_wildcards=all`, { method: "DELETE" });
});

/** Table and the given generations, each with its guard, as the program declares them. */
function template(revisions: readonly number[], retire = false): string {
  const resource = (action: string, spec: unknown, dependsOn: readonly string[]) => ({
    Type: `Custom::Trueup${action}`,
    DependsOn: dependsOn,
    Properties: { ServiceToken: functionArn, action, spec: JSON.stringify(spec) },
  });
  const generations = revisions.map((revision) => [
    [`Index${revision}`, resource("Index", indexSpec(revision, {}, table), ["Table"])],
    [
      `Guard${revision}`,
      resource("Guard", { table, generation: `${table}-custom-${revision}` }, [`Index${revision}`]),
    ],
  ]);
  const Outputs = Object.fromEntries(
    revisions.map((revision) => [
      `Uuid${revision}`,
      { Value: { "Fn::GetAtt": [`Index${revision}`, "indexUuid"] } },
    ]),
  );
  const Resources = {
    Table: resource("Table", { table, retire }, []),
    ...Object.fromEntries(generations.flat()),
  };
  return JSON.stringify({ Resources, Outputs });
}

/** Brings the stack to a template. @returns its status, its outputs, and the reasons of what failed */
async function deploy(template: string, first = false) {
  const started = Date.now();
  const change = { StackName: stackName, TemplateBody: template };
  await cloudFormation.send(first ? new CreateStackCommand(change) : new UpdateStackCommand(change));
  const status = await waitForStack();
  const { StackEvents = [] } = await cloudFormation.send(
    new DescribeStackEventsCommand({ StackName: stackName }),
  );
  const reasons = StackEvents.filter(({ Timestamp }) => (Timestamp?.getTime() ?? 0) >= started - 1000)
    .map(({ ResourceStatusReason = "" }) => ResourceStatusReason)
    .filter((reason) => /^[A-Z_]+: |[A-Z]+_[A-Z]+:/.test(reason));
  return { ...status, reasons };
}

async function waitForStack() {
  for (;;) {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    const status = Stacks[0]?.StackStatus ?? "";
    const outputs = Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
    );
    if (!status.endsWith("IN_PROGRESS")) return { status, outputs };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const indexes = async () => {
  const found: object = JSON.parse(await (await fetch(`${search}/${table}-*`)).text());
  return Object.keys(found).sort();
};
const descriptor = (revisions: readonly number[]) => {
  const made = tableOf(revisions, table);
  return {
    ...made,
    generations: made.generations.map((generation) => ({ ...generation, deadLetterQueueUrl: queueUrl })),
  };
};

describe("index-lifecycle, as the emulator's CloudFormation and Lambda run it", () => {
  it("makes, guards, moves and removes generations", async () => {
    const first = await deploy(template([1]), true);
    expect(first.status).toBe("CREATE_COMPLETE");
    const known = (await control.read(table)).generations[`${table}-custom-1`];
    expect(first.outputs["Uuid1"]).toBe(known?.indexUuid);

    expect((await deploy(template([1, 2]))).status).toBe("UPDATE_COMPLETE");
    expect(await indexes()).toEqual([`${table}-custom-1`, `${table}-custom-2`]);

    const third = await deploy(template([1, 2, 3]));
    expect(third.status).toMatch(/ROLLBACK/);
    expect(third.reasons.join()).toContain("GENERATION_LIMIT: ");
    expect(await indexes()).toEqual([`${table}-custom-1`, `${table}-custom-2`]);

    const status = await call(functionArn, { command: "status", table: descriptor([1, 2]) });
    expect(status).toMatchObject({ table, generations: [{ phase: "loading" }, { phase: "loading" }] });
    await expect(call(functionArn, { command: "cutover", table: descriptor([1, 2]) })).rejects.toMatchObject({
      code: "CUTOVER_REFUSED",
      fix: expect.stringContaining("wait for the build"),
    });

    await fetch(`${search}/_aliases`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ actions: [{ add: { index: `${table}-custom-1`, alias: table } }] }),
    });
    const removed = await deploy(template([2]));
    expect(await indexes()).toContain(`${table}-custom-1`);
    expect(removed.status).not.toBe("CREATE_COMPLETE");

    await call(functionArn, { command: "retire", table: descriptor([1, 2]) });
    await cloudFormation.send(new DeleteStackCommand({ StackName: stackName }));
  });
});
