/** Whole tables read of an export of their Aurora cluster. Whether these rights are enough, only AWS can show. */
import {
  DatabaseSource,
  type DatabaseSourceArgs,
  SearchSync,
  SyncedTable,
} from "../../../components/index.ts";
import { fakeCode } from "../../support/fake-code-builder.ts";
import { ACCOUNT, made, REGION } from "../../support/physical-names.ts";
import { collectRoles } from "../../support/policies.ts";
import { recordResources } from "../../support/record-resources.ts";

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/exports`;
const CLUSTER = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:shop`;
const FILES = "arn:aws:s3:::prod-state-1a2b3c4/exports/_clusters/shop/*";
const target = {
  existingDomain: {
    arn: `arn:aws:es:${REGION}:${ACCOUNT}:domain/products`,
    endpoint: `vpc-products-abc.${REGION}.es.amazonaws.com`,
  },
} as const;

type Database = Omit<DatabaseSourceArgs, "search">;
const aurora: Database = {
  kind: "aurora-postgresql",
  cluster: "shop",
  database: "shop",
  secretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shop/db-a1b2c3`,
  export: { keyArn: KEY },
  snapshot: "cluster-export",
  kafka: { bootstrapServers: ["broker.internal:9092"], authentication: { kind: "none" } },
  connect: "external",
};
const network = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

let snapshot: unknown;
const record = (database: Database) =>
  recordResources(() => {
    const search = new SearchSync("prod", { target, code: fakeCode, network });
    const sql = new DatabaseSource("shop", { search, ...database });
    sql.snapshot.apply((known) => {
      snapshot = known;
    });
    new SyncedTable("orders", {
      search,
      source: { sql, table: "public.orders" },
      generations: [{ mode: "custom" }],
    });
  });

const ofRole = async (role: string, database: Database = aurora) =>
  collectRoles(await record(database)).get(role)?.statements ?? [];
const allow = (Action: readonly string[], Resource: readonly string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

it("is told to functions with the cluster, and the role and key of its export", async () => {
  await record(aurora);
  expect(snapshot).toEqual({
    kind: "cluster-export",
    clusterArn: CLUSTER,
    exportRoleArn: `arn:aws:iam::${ACCOUNT}:role/${made("shop-export")}`,
    keyArn: KEY,
  });
});

it("lets the audit start the cluster's export, hand its role over and keep the list of those that run", async () => {
  expect(await ofRole("orders-access-audit")).toEqual(
    expect.arrayContaining([
      allow(["rds:StartExportTask"], [CLUSTER]),
      allow(["rds:DescribeExportTasks"], ["*"]),
      allow(["iam:PassRole"], [`arn:aws:iam::${ACCOUNT}:role/${made("shop-export")}`], {
        StringEquals: { "iam:PassedToService": ["export.rds.amazonaws.com"] },
      }),
      allow(["kms:CreateGrant", "kms:DescribeKey"], [KEY]),
      allow(["s3:GetObject", "s3:PutObject"], [FILES]),
    ]),
  );
});

it("lets the loader and the audit's function read what the cluster's key encrypts", async () => {
  expect(await ofRole("orders-custom-1-loader-role")).toEqual(
    expect.arrayContaining([allow(["s3:GetObject"], [FILES]), allow(["kms:Decrypt"], [KEY])]),
  );
  expect(await ofRole("prod-audit-function-role")).toContainEqual(allow(["kms:Decrypt"], [KEY]));
});

it("gives none of these rights where tables are queried", async () => {
  const roles = ["orders-access-audit", "orders-custom-1-loader-role", "prod-audit-function-role"];
  for (const role of roles) {
    const said = JSON.stringify(await ofRole(role, { ...aurora, snapshot: "query" }));
    expect(said).not.toMatch(/rds:|_clusters|iam:PassRole/);
    expect(said).not.toContain(KEY);
  }
  expect(snapshot).toEqual({ kind: "query" });
});

const { export: _, ...unkeyed } = aurora;
const { cluster: __, ...unnamed } = aurora;
it.each<[string, Database, RegExp]>([
  [
    "a database that is no cluster of Aurora",
    { ...unnamed, kind: "rds-postgresql", instance: "shop" },
    /clusters of Aurora/,
  ],
  ["a cluster without its identifier", { ...unnamed, host: "db.internal" }, /give the source its cluster/],
  ["no key", unkeyed, /give the source export/],
  ["a replica", { ...aurora, replica: { host: "replica.internal" } }, /remove replica/],
])("is refused with %s", async (_name, database, reason) => {
  let refused = "";
  await recordResources(() => {
    const search = new SearchSync("prod", { target, code: fakeCode, network });
    try {
      new DatabaseSource("shop", { search, ...database });
    } catch (cause) {
      refused = JSON.stringify(cause);
    }
  });
  expect(refused).toMatch(reason);
});
