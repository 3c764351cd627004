/** The forms of a source. What a look-up answers is the provider's; `read-existing-table.test.ts` judges it. */
import * as pulumi from "@pulumi/pulumi";
import { readJson, recordEnvironment } from "../support/record-environment.ts";
import type { Recording } from "../support/record-resources.ts";

const sourceOf = (recording: Recording<unknown>) => {
  const { table } = readJson(recording.find("orders-audit-schedule", "Schedule"), "target", "input");
  return Object(table).source;
};
const tableArn = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";

it("looks up a table given by name, and makes and changes none", async () => {
  const recording = await recordEnvironment(
    {},
    { orders: { source: { dynamodb: pulumi.output("orders") } } },
  );
  expect(recording.lookups).toContainEqual({
    token: "aws:dynamodb/getTable:getTable",
    inputs: { name: "orders" },
  });
  expect(recording.all("Table")).toEqual([]);
  expect(sourceOf(recording)).toMatchObject({ kind: "dynamodb", tableName: "orders", tableArn });
});

it("reads the sort key of a table that has one", async () => {
  const attributes = [
    { name: "id", type: "S" },
    { name: "at", type: "N" },
  ];
  const table = { rangeKey: "at", attributes };
  const recording = await recordEnvironment({}, { orders: {} }, { table });
  expect(sourceOf(recording).key).toEqual({
    partitionKey: { name: "id", type: "S" },
    sortKey: { name: "at", type: "N" },
  });
});

it("looks nothing up where all is given", async () => {
  const key = { partitionKey: { name: "id", type: "B" } } as const;
  const given = { tableName: pulumi.output("orders"), tableArn, streamArn: `${tableArn}/stream/s`, key };
  const recording = await recordEnvironment({}, { orders: { source: { dynamodb: given } } });
  expect(recording.lookups.map(({ token }) => token)).not.toContain("aws:dynamodb/getTable:getTable");
  expect(sourceOf(recording)).toEqual({ kind: "dynamodb", ...given, tableName: "orders" });
});

it("makes a table with stream and recovery, protected, and encrypted with the environment's key", async () => {
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/abc";
  const create = { partitionKey: { name: "id", type: "S" }, sortKey: { name: "at", type: "N" } } as const;
  const made = (await recordEnvironment({ keyArn }, { orders: { source: { create } } })).find(
    "orders-source",
    "Table",
  );
  expect(made.inputs).toEqual({
    billingMode: "PAY_PER_REQUEST",
    attributeDefinitions: [
      { attributeName: "id", attributeType: "S" },
      { attributeName: "at", attributeType: "N" },
    ],
    keySchema: [
      { attributeName: "id", keyType: "HASH" },
      { attributeName: "at", keyType: "RANGE" },
    ],
    streamSpecification: { streamViewType: "NEW_AND_OLD_IMAGES" },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtectionEnabled: true,
    sseSpecification: { sseEnabled: true, sseType: "KMS", kmsMasterKeyId: keyArn },
  });
  expect(made).toMatchObject({ protect: true, retainOnDelete: true });
});

it("lets a made table go with an environment that is not protected", async () => {
  const source = { create: { tableName: "orders", partitionKey: { name: "id", type: "S" } } } as const;
  const made = (await recordEnvironment({ protect: false }, { orders: { source } })).find(
    "orders-source",
    "Table",
  );
  expect(made.inputs).toMatchObject({ tableName: "orders", deletionProtectionEnabled: false });
  expect(made).toMatchObject({ protect: false, retainOnDelete: false });
});

// A reader of a table needs its key as well: without it every read of stream, items and export is refused.
it("lets all that read a table of another key decrypt with that key", async () => {
  const keyArn = pulumi.output("arn:aws:kms:eu-central-1:111122223333:key/of-the-table");
  const { resources } = await recordEnvironment({}, { orders: { source: { dynamodb: "orders", keyArn } } });
  const readers = resources.filter(
    ({ type, inputs }) => type.includes(":iam:") && JSON.stringify(inputs).includes("key/of-the-table"),
  );
  expect(readers.map(({ name }) => name).sort()).toEqual([
    "orders-access-audit-table",
    "orders-access-lifecycle-table",
    "orders-custom-1-reread-role-function",
    "orders-custom-1-stream-role-function",
  ]);
});
