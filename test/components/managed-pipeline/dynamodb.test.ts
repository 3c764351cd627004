/**
 * One managed pipeline as it is declared. What OpenSearch Ingestion makes of it, whether its role suffices and whether its
 * body is valid, only AWS can show: see docs/aws-verification.md.
 */
import * as pulumi from "@pulumi/pulumi";
import {
  DynamoDbManagedPipeline,
  type ManagedPipelineArgs,
} from "../../../components/managed-pipeline/dynamodb.ts";
import { readBody } from "../../../components/managed-pipeline/write-body.ts";
import type { DynamoDbSource, TableContext } from "../../../components/table-context.ts";
import { fakeCode } from "../../support/fake-code-builder.ts";
import { ACCOUNT, made, REGION } from "../../support/physical-names.ts";
import { recordResources, UNKNOWN } from "../../support/record-resources.ts";

const DOMAIN = `arn:aws:es:${REGION}:${ACCOUNT}:domain/shop`;
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/environment`;
const NAME = "shop-orders-managed-de681d72";
const plan = { generation: "orders-managed-1", writeAlias: "orders-managed-1-write" };

function makeContext(change: Partial<TableContext<DynamoDbSource>> = {}): TableContext<DynamoDbSource> {
  const everywhere = [{ actions: ["es:ESHttpGet"], resources: [`${DOMAIN}/*`] }];
  return {
    environment: "shop",
    region: pulumi.output(REGION),
    accountId: pulumi.output(ACCOUNT),
    partition: pulumi.output("aws"),
    stateBucket: { name: pulumi.output("shop-state"), arn: pulumi.output("arn:aws:s3:::shop-state") },
    code: fakeCode,
    networkReady: [],
    permissionsBoundary: undefined,
    keyArn: undefined,
    logRetentionDays: 30,
    protect: true,
    errorHooks: [],
    table: "orders",
    source: {
      kind: "dynamodb",
      tableName: pulumi.output("orders"),
      tableArn: pulumi.output(TABLE),
      streamArn: pulumi.output(`${TABLE}/stream/2026-11-23T00:00:00.000`),
      key: pulumi.output({ partitionKey: { name: "id", type: "S" } as const }),
      keyArn: undefined,
    },
    target: {
      endpoint: `https://vpc-shop.${REGION}.es.amazonaws.com`,
      authentication: { kind: "sigv4", region: REGION, service: "es" },
    },
    targetGrants: { indexes: () => [], inspecting: everywhere, administering: [] },
    targetSecretArn: undefined,
    consumerTimeoutSeconds: 60,
    consumerMemoryMegabytes: 512,
    batchSize: 100,
    batchingWindowSeconds: 0,
    maximumLoaders: 1,
    manifestBuckets: 16,
    pollSeconds: 30,
    ...change,
  };
}

async function record(
  args: ManagedPipelineArgs = {},
  change: Partial<TableContext<DynamoDbSource>> = {},
  preview = false,
) {
  return recordResources(
    () => {
      const uuid = pulumi.output("uuid-1");
      return new DynamoDbManagedPipeline("orders-managed-1", makeContext(change), plan, args, uuid);
    },
    { preview },
  );
}

async function statements(
  args: ManagedPipelineArgs = {},
  change: Partial<TableContext<DynamoDbSource>> = {},
) {
  const { inputs } = (await record(args, change)).find("orders-managed-1-role-pipeline", "RolePolicy");
  return Object(inputs["policyDocument"]).Statement;
}

it("is a pipeline, its role and its log group", async () => {
  const recording = await record();
  const component = recording.find("orders-managed-1", "DynamoDbManagedPipeline");
  expect(component.type).toBe("trueup:managed:DynamoDbManagedPipeline");
  expect(recording.list()).toEqual([
    "aws-native:iam:Role orders-managed-1-role",
    "aws-native:iam:RolePolicy orders-managed-1-role-pipeline",
    "aws-native:logs:LogGroup orders-managed-1-logs",
    "aws-native:osis:Pipeline orders-managed-1-pipeline",
    "trueup:managed:DynamoDbManagedPipeline orders-managed-1",
  ]);
  const others = recording.resources.filter(({ urn }) => urn !== component.urn);
  expect(others.every(({ parent }) => parent === component.urn)).toBe(true);
});

it("is declared with its defaults", async () => {
  const { pipelineConfigurationBody, ...inputs } = (await record()).find(
    "orders-managed-1-pipeline",
    "Pipeline",
  ).inputs;
  expect(inputs).toEqual({
    pipelineName: NAME,
    minUnits: 1,
    maxUnits: 4,
    logPublishingOptions: {
      isLoggingEnabled: true,
      cloudWatchLogDestination: { logGroup: `/aws/vendedlogs/OpenSearchIngestion/${NAME}` },
    },
  });
  expect(pipelineConfigurationBody).toEqual(expect.any(String));
});

it("takes units and times as given", async () => {
  const args = { minimumUnits: 2, maximumUnits: 8, flushMillis: 500, collectSeconds: 10 };
  const { inputs } = (await record(args)).find("orders-managed-1-pipeline", "Pipeline");
  expect(inputs).toMatchObject({ minUnits: 2, maxUnits: 8 });
  expect(readBody(String(inputs["pipelineConfigurationBody"]))).toMatchObject({
    [NAME]: {
      sink: [{ opensearch: { flush_timeout: 500 } }, { s3: { threshold: { event_collect_timeout: "10s" } } }],
    },
  });
});

it("says in its body where everything is", async () => {
  const { inputs } = (await record()).find("orders-managed-1-pipeline", "Pipeline");
  const aws = {
    region: REGION,
    sts_role_arn: `arn:aws:iam::${ACCOUNT}:role/${made("orders-managed-1-role")}`,
  };
  expect(readBody(String(inputs["pipelineConfigurationBody"]))).toMatchObject({
    version: "2",
    [NAME]: {
      source: {
        dynamodb: {
          tables: [
            {
              table_arn: TABLE,
              export: { s3_bucket: "shop-state", s3_prefix: "exports/orders/orders-managed-1/uuid-1" },
            },
          ],
          aws,
        },
      },
      sink: [
        {
          opensearch: {
            hosts: [`https://vpc-shop.${REGION}.es.amazonaws.com`],
            index: "orders-managed-1-write",
            aws: { ...aws, serverless: false },
            dlq: {
              s3: {
                bucket: "shop-state",
                key_path_prefix: "manifest/orders-managed-1/uuid-1/refused/",
                ...aws,
              },
            },
          },
        },
        { s3: { object_key: { path_prefix: "manifest/orders-managed-1/uuid-1/sent/" }, aws } },
      ],
    },
  });
});

it("is trusted to no pipeline of another account", async () => {
  const { inputs } = (await record()).find("orders-managed-1-role", "Role");
  expect(inputs["assumeRolePolicyDocument"]).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "osis-pipelines.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:osis:${REGION}:${ACCOUNT}:pipeline/*` },
        },
      },
    ],
  });
});

it("may do what its source and sinks do, and nothing else", async () => {
  expect(await statements()).toEqual([
    {
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:ExportTableToPointInTime",
      ],
      Resource: [TABLE],
    },
    { Effect: "Allow", Action: ["dynamodb:DescribeExport"], Resource: [`${TABLE}/export/*`] },
    {
      Effect: "Allow",
      Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      Resource: [`${TABLE}/stream/2026-11-23T00:00:00.000`],
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
      Resource: ["arn:aws:s3:::shop-state/exports/orders/orders-managed-1/*/*"],
    },
    {
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [
        "arn:aws:s3:::shop-state/manifest/orders-managed-1/*/sent/*",
        "arn:aws:s3:::shop-state/manifest/orders-managed-1/*/refused/*",
      ],
    },
    { Effect: "Allow", Action: ["es:DescribeDomain"], Resource: [DOMAIN] },
    {
      Effect: "Allow",
      Action: ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"],
      Resource: [`${DOMAIN}/*`],
    },
  ]);
});

it("uses keys of the environment and of the table where there are such", async () => {
  const tableKey = `${KEY}-of-the-table`;
  const change = { keyArn: KEY, source: { ...makeContext().source, keyArn: tableKey } };
  const recording = await record({}, change);
  expect(recording.find("orders-managed-1-pipeline", "Pipeline").inputs).toMatchObject({
    encryptionAtRestOptions: { kmsKeyArn: KEY },
    pipelineConfigurationBody: expect.stringContaining(`s3_sse_kms_key_id: "${KEY}"`),
  });
  expect(recording.find("orders-managed-1-logs", "LogGroup").inputs).toMatchObject({ kmsKeyId: KEY });
  expect(await statements({}, change)).toEqual(
    expect.arrayContaining([
      { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [tableKey] },
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [KEY] },
    ]),
  );
});

it("may call just the functions its processors call", async () => {
  const call = (function_name: string) => ({ aws_lambda: { function_name, response_events_match: true } });
  const arn = "arn:aws:lambda:eu-west-1:444455556666:function:other";
  expect((await statements({ processors: [call("enrich"), call(arn)], repair: "touch" })).at(-1)).toEqual({
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:enrich`, arn],
  });
});

it("keeps its log under the name OpenSearch Ingestion asks for, as long as the environment says", async () => {
  expect((await record()).find("orders-managed-1-logs", "LogGroup").inputs).toEqual({
    logGroupName: `/aws/vendedlogs/OpenSearchIngestion/${NAME}`,
    retentionInDays: 30,
  });
});

it("lies in the environment's network, and is another pipeline in another one", async () => {
  const vpcConfig = { subnetIds: ["subnet-a"], securityGroupIds: ["sg-a"] };
  const { inputs } = (await record({}, { vpcConfig })).find("orders-managed-1-pipeline", "Pipeline");
  expect(inputs["vpcOptions"]).toEqual(vpcConfig);
  expect(inputs["pipelineName"]).not.toBe(NAME);
  expect(inputs["pipelineName"]).toMatch(/^shop-orders-managed-[0-9a-f]{8}$/);
});

it("is made after its role may do all it does, under the boundary given", async () => {
  const recording = await record({}, { permissionsBoundary: "arn:aws:iam::aws:policy/boundary" });
  const needed = recording.dependenciesOf(recording.find("orders-managed-1-pipeline", "Pipeline"));
  expect(needed).toContain(recording.find("orders-managed-1-role-pipeline", "RolePolicy").urn);
  expect(needed).toContain(recording.find("orders-managed-1-logs", "LogGroup").urn);
  expect(recording.find("orders-managed-1-role", "Role").inputs["permissionsBoundary"]).toBe(
    "arn:aws:iam::aws:policy/boundary",
  );
});

it("is previewed by its name, before its role is known", async () => {
  const { inputs } = (await record({}, {}, true)).find("orders-managed-1-pipeline", "Pipeline");
  expect(inputs).toMatchObject({ pipelineName: NAME, pipelineConfigurationBody: UNKNOWN });
});

it("is refused with bad arguments before anything is made", async () => {
  const recording = await recordResources(() => {
    expect(() => {
      new DynamoDbManagedPipeline(
        "orders-managed-1",
        makeContext(),
        plan,
        { minimumUnits: 0 },
        pulumi.output("u"),
      );
    }).toThrow(/orders-managed-1 has 1 bad argument/);
  });
  expect(recording.resources).toEqual([]);
});
