/**
 * One generation's consumers. How Lambda treats a mapping (retries, windows, partial batches) is AWS's to show; here only
 * what it is told. Grants are held against calls in `test/stacks/permissions.test.ts`.
 */
import { readConsumerSettings } from "../../../adapters/read-settings.ts";
import { recordEnvironment } from "../../support/record-environment.ts";

const FUNCTIONS = ["stream", "reread", "loader"].map((part) => `orders-custom-1-${part}`);

it("is a function a way in, and what reads again", async () => {
  const recording = await recordEnvironment();
  const pipeline = recording.find("orders-custom-1", "DynamoDbStreamsPipeline");
  const children = recording.resources.filter(({ parent }) => parent === pipeline.urn);
  expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "aws-native:lambda:EventSourceMapping orders-custom-1-stream-mapping",
    "trueup:lambda:LambdaFunction orders-custom-1-loader",
    "trueup:lambda:LambdaFunction orders-custom-1-stream",
    "trueup:pipeline:RereadPath orders-custom-1",
  ]);
});

it("reads again by a function, its queue, their mapping, and a queue of letters", async () => {
  const recording = await recordEnvironment();
  const path = recording.find("orders-custom-1", "RereadPath");
  const children = recording.resources.filter(({ parent }) => parent === path.urn);
  expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "aws-native:lambda:EventSourceMapping orders-custom-1-reindex-mapping",
    "aws-native:sqs:Queue orders-custom-1-dead-letters",
    "aws-native:sqs:Queue orders-custom-1-reindex",
    "trueup:lambda:LambdaFunction orders-custom-1-reread",
  ]);
});

it("reads the stream from its beginning, in windows that name their shard, and gives nothing up", async () => {
  const { inputs } = (await recordEnvironment()).find("orders-custom-1-stream-mapping", "EventSourceMapping");
  expect(inputs).toEqual({
    eventSourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/orders/stream/2026-11-23T00:00:00.000",
    functionName: "orders-custom-1-stream-1a2b3c4",
    startingPosition: "TRIM_HORIZON",
    batchSize: 1000,
    maximumRetryAttempts: -1,
    maximumRecordAgeInSeconds: -1,
    maximumBatchingWindowInSeconds: 0,
    bisectBatchOnFunctionError: false,
    parallelizationFactor: 1,
    tumblingWindowInSeconds: 900,
    functionResponseTypes: ["ReportBatchItemFailures"],
  });
});

it("reads re-reads in tens, as many as a FIFO queue gives, and reports each by itself", async () => {
  const { inputs } = (await recordEnvironment()).find(
    "orders-custom-1-reindex-mapping",
    "EventSourceMapping",
  );
  expect(inputs).toEqual({
    eventSourceArn: "arn:aws:sqs:eu-central-1:111122223333:orders-custom-1-reindex-1a2b3c4.fifo",
    functionName: "orders-custom-1-reread-1a2b3c4",
    batchSize: 10,
    functionResponseTypes: ["ReportBatchItemFailures"],
  });
});

it("keeps messages two weeks, and hides a re-read for six times what its function may take", async () => {
  const recording = await recordEnvironment({}, { orders: { consumerTimeoutSeconds: 90 } });
  expect(recording.find("orders-custom-1-reindex", "Queue").inputs).toEqual({
    messageRetentionPeriod: 1_209_600,
    sqsManagedSseEnabled: true,
    fifoQueue: true,
    visibilityTimeout: 540,
  });
  expect(recording.find("orders-custom-1-dead-letters", "Queue").inputs).toEqual({
    messageRetentionPeriod: 1_209_600,
    sqsManagedSseEnabled: true,
  });
});

it.each(FUNCTIONS)("tells %s what it reads at start", async (name) => {
  const { environment } = (await recordEnvironment()).find(name, "Function").inputs;
  expect(readConsumerSettings(Object(environment).variables)).toEqual({
    environment: "shop",
    table: "orders",
    generation: "orders-custom-1",
    mode: "custom",
    touches: false,
    indexUuid: "uuid-of-orders-custom-1-index-1a2b3c4",
    writeAlias: "orders-custom-1-write",
    target: { endpoint: "https://search.example.com", authentication: { kind: "none" } },
    stateBucket: "shop-state-1a2b3c4",
    transformHash: "identity",
    transformConfiguration: {},
    transformSecrets: {},
    deadLetterQueueUrl:
      "https://sqs.eu-central-1.amazonaws.com/111122223333/orders-custom-1-dead-letters-1a2b3c4",
    reindexQueueUrl:
      "https://sqs.eu-central-1.amazonaws.com/111122223333/orders-custom-1-reindex-1a2b3c4.fifo",
    source: { kind: "dynamodb", tableName: "orders", key: { partitionKey: { name: "id", type: "S" } } },
  });
});

it("gives each function its own entry with the user's transform, and the loader Lambda's longest time", async () => {
  const generations = [{ mode: "custom", transformFile: "/shop/orders.v1.ts" }] as const;
  const recording = await recordEnvironment({}, { orders: { generations, consumerTimeoutSeconds: 30 } });
  const code = FUNCTIONS.map((name) => {
    const { timeout } = recording.find(name, "Function").inputs;
    return [recording.find(`${name}-code`, "BucketObjectv2").inputs["source"], timeout];
  });
  expect(code).toEqual([
    ["/built/dynamodb-stream+orders.v1.ts.zip", 30],
    ["/built/reindex+orders.v1.ts.zip", 30],
    ["/built/bulk-load+orders.v1.ts.zip", 900],
  ]);
});

// `stateLayout.manifest(generation, "")` is a folder named "", in which no segment lies: every write was refused.
it("lets consumers write under the uuid of their index, not beside it", async () => {
  const { inputs } = (await recordEnvironment()).find("orders-custom-1-stream-role-function", "RolePolicy");
  const text = JSON.stringify(inputs);
  expect(text).toContain('"arn:aws:s3:::shop-state-1a2b3c4/manifest/orders-custom-1/*/*"');
  expect(text).not.toContain("//");
});

it("lets consumers read a secret and a key of the table where there are such", async () => {
  const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:search-AbCdEf";
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/of-the-table";
  const recording = await recordEnvironment(
    { target: { url: { url: "https://x", authentication: { kind: "basic", secretArn } } } },
    { orders: { source: { dynamodb: "orders", keyArn } } },
  );
  const policies = (name: string) =>
    JSON.stringify(recording.find(`orders-custom-1-${name}-role-function`, "RolePolicy").inputs);
  for (const name of ["stream", "reread", "loader"]) expect(policies(name)).toContain(secretArn);
  expect(["stream", "reread", "loader"].filter((name) => policies(name).includes(keyArn))).toEqual([
    "stream",
    "reread",
  ]);
});
