import type { TableDescriptor } from "../../core/table-descriptor.ts";

/** A table of a PostgreSQL, as workflows are told of it; its key has three columns. */
export const orders: TableDescriptor = {
  table: "orders",
  alias: "orders",
  source: {
    kind: "sql",
    sourceName: "shop",
    tableName: "public.orders",
    key: {
      partitionKey: { name: "region", type: "S" },
      sortKey: { name: "year", type: "N" },
      furtherKeys: [{ name: "number", type: "N" }],
    },
    connection: {
      engine: "postgresql",
      host: "db",
      port: 5432,
      database: "shop",
      secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop",
      tls: "verified",
    },
    log: {
      kafka: { bootstrapServers: ["kafka:9092"], authentication: { kind: "none" } },
      topicPrefix: "trueup-dev-shop",
      slotName: "trueup_dev_shop",
      publicationName: "trueup_dev_shop",
      retentionMillis: 7 * 24 * 60 * 60 * 1000,
    },
    snapshot: { kind: "query" },
  },
  access: { auditRoleArn: "audit-role", lifecycleRoleArn: "lifecycle-role" },
  generations: [
    {
      generation: "orders-custom-1",
      mode: "custom",
      revision: 1,
      index: "orders-custom-1",
      writeAlias: "orders-custom-1-write",
      indexUuid: "uuid",
      transformHash: "identity",
      consumerFunction: "c",
      loaderFunction: "l",
      reindexQueueUrl: "q",
      deadLetterQueueUrl: "d",
      buildStateMachine: "b",
    },
  ],
  cutover: "automatic",
  audit: {
    verifyIndex: true,
    breaker: { share: 0.01, minimumCount: 100 },
    fullEveryDays: 30,
    pollSeconds: 10,
  },
  consumerTimeoutSeconds: 10,
  manifestBuckets: 4,
};
