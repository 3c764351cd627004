import transform from "trueup:transform";
import { makeDynamoDbReader } from "../adapters/dynamodb-reader.ts";
import { makeDynamoDbToucher } from "../adapters/dynamodb-toucher.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";
import { makeReindexHandler } from "./reindex-handler.ts";

const made = makeConsumerDeps(transform, process.env);
const { settings, dynamodb, deps } = made;

/** Lambda's entry for the reindex queue of a generation whose table is DynamoDB's. */
export const handler = makeReindexHandler(transform, made, {
  source: makeDynamoDbReader(dynamodb, settings.source.tableName, deps.now),
  ...(settings.touches
    ? { toucher: makeDynamoDbToucher(dynamodb, settings.source.tableName, deps.now) }
    : {}),
});
