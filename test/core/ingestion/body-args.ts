import type { DynamoDbBodyArgs } from "../../../core/ingestion/dynamodb-body.ts";
import type { RdsBodyArgs } from "../../../core/ingestion/rds-body.ts";

/** What a body of the table `orders` is made of. */
export const ordersBody: DynamoDbBodyArgs = {
  pipelineName: "prod-orders-managed-93d6ec6d",
  region: "eu-central-1",
  roleArn: "arn:aws:iam::111122223333:role/orders-managed-1-role",
  tableArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/orders",
  endpoint: "https://vpc-shop.eu-central-1.es.amazonaws.com",
  writeAlias: "orders-managed-1-write",
  bucket: "shop-state",
  exportPrefix: "exports/orders/orders-managed-1/uuid-1",
  sentPrefix: "manifest/orders-managed-1/uuid-1/sent/",
  refusedPrefix: "manifest/orders-managed-1/uuid-1/refused/",
  keyArn: undefined,
  flushMillis: 1000,
  collectSeconds: 30,
  processors: [],
};

const { tableArn: _table, ...shared } = ordersBody;

/** What a body of the Aurora table `public.orders` is made of. */
export const ordersRdsBody: RdsBodyArgs = {
  ...shared,
  engine: "aurora-postgresql",
  identifier: "shop",
  database: "shop",
  tableName: "public.orders",
  secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf",
  exportRoleArn: "arn:aws:iam::111122223333:role/shop-export",
  exportKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
};
