/**
 * A managed pipeline of a database as it is declared. What OpenSearch Ingestion makes of it, whether its role suffices and
 * whether its body is valid, only AWS can show: see docs/aws-verification.md.
 */
import {
  DatabaseSource,
  type DatabaseSourceArgs,
  type ManagedPipelineArgs,
  SearchSync,
  SyncedTable,
} from "../../../components/index.ts";
import { readBody } from "../../../components/managed-pipeline/write-body.ts";
import { pipelineLogSpecSchema } from "../../../index-lifecycle/source-spec.ts";
import { fakeCode } from "../../support/fake-code-builder.ts";
import { ACCOUNT, made, REGION } from "../../support/physical-names.ts";
import { readSpec } from "../../support/record-environment.ts";
import { type RecordOptions, recordResources, UNKNOWN } from "../../support/record-resources.ts";

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/exports`;
const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shop/db-a1b2c3`;
const NAME = /^prod-orders-managed-1?-?[0-9a-f]{8}$/;
const BUCKET = "arn:aws:s3:::prod-state-1a2b3c4";
const target = {
  existingDomain: {
    arn: `arn:aws:es:${REGION}:${ACCOUNT}:domain/products`,
    endpoint: `vpc-products-abc.${REGION}.es.amazonaws.com`,
  },
} as const;
const network = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

type Database = Omit<DatabaseSourceArgs, "search">;
const aurora: Database = {
  kind: "aurora-postgresql",
  cluster: "shop",
  database: "shop",
  secretArn: SECRET,
  export: { keyArn: KEY },
};

interface Change extends RecordOptions {
  readonly database?: Database;
  readonly pipeline?: ManagedPipelineArgs;
  readonly subnetIds?: string[];
}

function record({ database = aurora, pipeline, subnetIds = network.subnetIds, ...options }: Change = {}) {
  return recordResources(() => {
    const search = new SearchSync("prod", { target, code: fakeCode, network: { ...network, subnetIds } });
    const sql = new DatabaseSource("shop", { search, ...database });
    new SyncedTable("orders", {
      search,
      source: { sql, table: "public.orders" },
      generations: [{ mode: "managed", ...(pipeline === undefined ? {} : { pipeline }) }],
    });
  }, options);
}

async function statements(role: string, change: Change = {}) {
  const { inputs } = (await record(change)).find(role, "RolePolicy");
  return Object(inputs["policyDocument"]).Statement;
}

const PIPELINE_POLICY = "orders-managed-1-role-pipeline";

it("is a pipeline, its role, its log group and a resource for what it makes in the database", async () => {
  const recording = await record();
  const component = recording.find("orders-managed-1", "RdsManagedPipeline");
  const children = recording.resources.filter(({ parent }) => parent === component.urn);
  expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "aws-native:cloudformation:CustomResourceEmulator orders-managed-1-log",
    "aws-native:iam:Role orders-managed-1-role",
    "aws-native:iam:RolePolicy orders-managed-1-role-pipeline",
    "aws-native:logs:LogGroup orders-managed-1-logs",
    "aws-native:osis:Pipeline orders-managed-1-pipeline",
  ]);
});

it("needs no Kafka: nothing of a table is published for us, and no consumer of changes is made", async () => {
  const recording = await record();
  expect(readSpec(recording.find("shop-public-orders", "CustomResourceEmulator")).spec).not.toHaveProperty(
    "log",
  );
  expect(recording.all("Function").map(({ name }) => name)).toContain("orders-managed-1-reread");
  expect(recording.all("Function").map(({ name }) => name)).not.toContain("orders-managed-1-stream");
});

it("says in its body where everything is, and keeps the password out of it", async () => {
  const { inputs } = (await record()).find("orders-managed-1-pipeline", "Pipeline");
  const uuid = `uuid-of-${made("orders-managed-1-index")}`;
  const role = `arn:aws:iam::${ACCOUNT}:role/${made("orders-managed-1-role")}`;
  const body = Object(readBody(String(inputs["pipelineConfigurationBody"])));
  const [first] = Object.keys(body).filter((name) => /^t[0-9a-f]{8}$/.test(name));
  expect(body[first ?? ""].source.rds).toEqual({
    db_identifier: "shop",
    cluster: true,
    engine: "aurora-postgresql",
    database: "shop",
    tables: { include: ["public.orders"] },
    authentication: {
      username: `\${{aws_secrets:database:username}}`,
      password: `\${{aws_secrets:database:password}}`,
    },
    aws: { region: REGION, sts_role_arn: role },
    acknowledgments: true,
    s3_bucket: "prod-state-1a2b3c4",
    s3_region: REGION,
    s3_prefix: `exports/orders/orders-managed-1/${uuid}`,
    export: { kms_key_id: KEY, iam_role_arn: `arn:aws:iam::${ACCOUNT}:role/${made("shop-export")}` },
    stream: true,
  });
  expect(body.extension).toEqual({
    aws: {
      secrets: {
        database: { secret_id: SECRET, region: REGION, sts_role_arn: role, refresh_interval: "PT1H" },
      },
    },
  });
  expect(body[first ?? ""].sink).toMatchObject([
    { opensearch: { index: "orders-managed-1-write", dlq: { s3: { bucket: "prod-state-1a2b3c4" } } } },
    { s3: { object_key: { path_prefix: `manifest/orders-managed-1/${uuid}/sent/` } } },
  ]);
});

it("is in the environment's network with addresses of its own, which are part of what it is", async () => {
  const { inputs } = (await record()).find("orders-managed-1-pipeline", "Pipeline");
  expect(inputs["vpcOptions"]).toEqual({
    subnetIds: network.subnetIds,
    securityGroupIds: network.securityGroupIds,
    vpcAttachmentOptions: { attachToVpc: true, cidrBlock: "10.99.20.0/24" },
  });
  expect(inputs["pipelineName"]).toMatch(NAME);
  const database = { ...aurora, export: { keyArn: KEY, pipelineCidrBlock: "172.21.56.0/24" } };
  const other = (await record({ database })).find("orders-managed-1-pipeline", "Pipeline").inputs;
  expect(other["vpcOptions"]).toMatchObject({ vpcAttachmentOptions: { cidrBlock: "172.21.56.0/24" } });
  expect(other["pipelineName"]).not.toBe(inputs["pipelineName"]);
});

describe("what it makes in the database's log", () => {
  const find = async (change: Change = {}) => {
    const recording = await record(change);
    return { recording, log: recording.find("orders-managed-1-log", "CustomResourceEmulator") };
  };

  it("is told to index-lifecycle in the words that it reads, by the names Data Prepper gives it", async () => {
    const { recording, log } = await find();
    const spec = pipelineLogSpecSchema.parse(readSpec(log).spec);
    expect(spec).toMatchObject({ source: "shop", tableName: "public.orders" });
    expect(spec.roleArn).toBe(`arn:aws:iam::${ACCOUNT}:role/trueup/prod/lifecycle/${made("shop-lifecycle")}`);
    const { pipelineName } = recording.find("orders-managed-1-pipeline", "Pipeline").inputs;
    expect(spec.prefix).toBe(`data_prepper_t${String(pipelineName).slice(-8)}_`);
    expect(Object(log.inputs["customResourceProperties"]).identity).toBe(spec.prefix);
  });

  it("goes after its pipeline, because the pipeline is made after it", async () => {
    const { recording, log } = await find();
    const pipeline = recording.find("orders-managed-1-pipeline", "Pipeline");
    expect(recording.dependenciesOf(pipeline)).toContain(log.urn);
  });

  it("is another resource where another network makes another pipeline", async () => {
    const identityOf = async (change: Change) =>
      Object((await find(change)).log.inputs["customResourceProperties"]).identity;
    expect(await identityOf({ subnetIds: ["subnet-3"] })).not.toBe(await identityOf({}));
  });
});

it("may do what its source and sinks do, and nothing else", async () => {
  const rds = (resource: string) => `arn:aws:rds:${REGION}:${ACCOUNT}:${resource}`;
  const ec2 = (resource: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${resource}/*`;
  const allow = (Action: readonly string[], Resource: readonly string[], Condition?: object) => ({
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  expect(await statements(PIPELINE_POLICY)).toEqual([
    allow(["rds:DescribeDBClusters", "rds:DescribeDBInstances"], [rds("cluster:shop"), rds("db:*")]),
    allow(
      ["rds:CreateDBClusterSnapshot", "rds:DescribeDBClusterSnapshots", "rds:AddTagsToResource"],
      [rds("cluster:shop"), rds("cluster-snapshot:*")],
    ),
    allow(["rds:StartExportTask"], [rds("cluster-snapshot:*")]),
    allow(["rds:DescribeExportTasks"], ["*"]),
    allow(["iam:PassRole"], [`arn:aws:iam::${ACCOUNT}:role/${made("shop-export")}`], {
      StringEquals: { "iam:PassedToService": "export.rds.amazonaws.com" },
    }),
    allow(
      [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RetireGrant",
      ],
      [KEY],
    ),
    allow(
      ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      [`${BUCKET}/exports/orders/orders-managed-1/*/*`],
    ),
    allow(["s3:ListBucket"], [BUCKET], {
      StringLike: { "s3:prefix": ["exports/orders/orders-managed-1/*/*"] },
    }),
    allow(["s3:GetBucketLocation"], [BUCKET]),
    allow(["secretsmanager:GetSecretValue"], [SECRET]),
    allow(
      [
        "ec2:AttachNetworkInterface",
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DetachNetworkInterface",
      ],
      [ec2("network-interface"), ec2("subnet"), ec2("security-group")],
    ),
    allow(
      [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      ["*"],
    ),
    allow(["ec2:CreateTags"], [ec2("network-interface")], {
      StringEquals: { "aws:RequestTag/OSISManaged": "true" },
    }),
    allow(
      ["s3:PutObject"],
      [`${BUCKET}/manifest/orders-managed-1/*/sent/*`, `${BUCKET}/manifest/orders-managed-1/*/refused/*`],
    ),
    allow(["es:DescribeDomain"], [target.existingDomain.arn]),
    allow(["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"], expect.any(Array)),
  ]);
});

it("takes snapshots of an instance, where the database is one", async () => {
  const { cluster: _, ...rest } = aurora;
  const database = { ...rest, kind: "rds-postgresql", instance: "shop-1" } as const;
  const [, snapshot] = await statements(PIPELINE_POLICY, { database });
  expect(snapshot).toMatchObject({
    Action: ["rds:CreateDBSnapshot", "rds:DescribeDBSnapshots", "rds:AddTagsToResource"],
    Resource: [`arn:aws:rds:${REGION}:${ACCOUNT}:db:shop-1`, `arn:aws:rds:${REGION}:${ACCOUNT}:snapshot:*`],
  });
});

it("exports snapshots under a role that RDS assumes, for this account, into the state bucket", async () => {
  const recording = await record();
  expect(recording.find("shop-export", "Role").inputs["assumeRolePolicyDocument"]).toMatchObject({
    Statement: [
      {
        Principal: { Service: "export.rds.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ],
  });
  expect(await statements("shop-export-export")).toEqual([
    expect.objectContaining({
      Action: ["s3:PutObject*", "s3:GetObject*", "s3:DeleteObject*"],
      Resource: [`${BUCKET}/exports/*`],
    }),
    expect.objectContaining({ Action: ["s3:ListBucket"], Resource: [BUCKET] }),
    expect.objectContaining({ Action: ["s3:GetBucketLocation"], Resource: [BUCKET] }),
    expect.objectContaining({ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [KEY] }),
  ]);
});

it("is previewed by its name, before its role is known", async () => {
  const { inputs } = (await record({ preview: true })).find("orders-managed-1-pipeline", "Pipeline");
  expect(inputs["pipelineName"]).toMatch(NAME);
  expect(inputs["pipelineConfigurationBody"]).toBe(UNKNOWN);
});

it.each<[string, Change, RegExp]>([
  ["units that are none", { pipeline: { minimumUnits: 0 } }, /minimumUnits/],
  [
    "processors, which repairs could not apply",
    { pipeline: { processors: [{ uppercase_string: { with_keys: ["name"] } }], repair: "touch" } },
    /generations\[0\]\.pipeline\.processors(.|\n)*generations\[0\]\.pipeline\.repair/,
  ],
  [
    "a database without an export",
    { database: { kind: "aurora-postgresql", cluster: "shop", database: "shop", secretArn: SECRET } },
    /generations\[0\]\.mode.*OpenSearch Ingestion loads from an export/,
  ],
  [
    "MySQL",
    { database: { ...aurora, kind: "aurora-mysql", host: "db.internal" } },
    /generations\[0\]\.mode.*audits and repairs read no MySQL/,
  ],
])("is refused with %s, before anything of its table is made", async (_, change, reason) => {
  let refused = "";
  const { resources } = await recordResources(() => {
    const search = new SearchSync("prod", { target, code: fakeCode, network });
    try {
      const sql = new DatabaseSource("shop", { search, ...(change.database ?? aurora) });
      new SyncedTable("orders", {
        search,
        source: { sql, table: "public.orders" },
        generations: [
          { mode: "managed", ...(change.pipeline === undefined ? {} : { pipeline: change.pipeline }) },
        ],
      });
    } catch (cause) {
      refused = JSON.stringify(cause);
    }
  });
  expect(refused).toMatch(reason);
  expect(resources.filter(({ type }) => type.startsWith("aws-native:osis"))).toEqual([]);
});
