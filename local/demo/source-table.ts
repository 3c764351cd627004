import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type WriteRequest,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { mapLimited } from "../../core/map-limited.ts";
import type { PlaceRecord } from "./place-records.ts";
import { toSdkItem } from "./to-sdk-item.ts";

/** The table that exists before Trueup knows of it, as most people's do. */
export const SOURCE_TABLE = "demo-places";
/** Its key attribute. */
export const SOURCE_KEY = "cityId";

const CONCURRENT_BATCHES = 8;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const BATCH_RECORDS = 25;

/** Makes the table as it was before anybody thought of searching it. */
export async function createSourceTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: SOURCE_TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: SOURCE_KEY, AttributeType: "S" }],
      KeySchema: [{ AttributeName: SOURCE_KEY, KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60 }, { TableName: SOURCE_TABLE });
}

/**
 * Turns on what Trueup asks of an existing table: a stream of both images, and point-in-time recovery.
 *
 * After the load, so that the places come by the export alone and the stream holds only what changes from now on.
 */
export async function enableStream(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new UpdateTableCommand({
      TableName: SOURCE_TABLE,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName: SOURCE_TABLE,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
}

/** Writes places in batches, several at a time. */
export async function loadSourceTable(
  dynamodb: DynamoDBClient,
  places: readonly PlaceRecord[],
  loaded: (count: number) => void,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(places.length / BATCH_RECORDS) }, (_, batch) =>
    places.slice(batch * BATCH_RECORDS, (batch + 1) * BATCH_RECORDS),
  );
  let count = 0;
  await mapLimited(batches, CONCURRENT_BATCHES, async (batch) => {
    await writeBatch(
      dynamodb,
      batch.map(({ item }) => ({ PutRequest: { Item: toSdkItem(item) } })),
    );
    count += batch.length;
    loaded(count);
  });
}

/** DynamoDB may leave some of a batch undone and say which. */
async function writeBatch(dynamodb: DynamoDBClient, requests: readonly WriteRequest[]): Promise<void> {
  let left = [...requests];
  while (left.length > 0) {
    const answer = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [SOURCE_TABLE]: left } }));
    left = answer.UnprocessedItems?.[SOURCE_TABLE] ?? [];
  }
}
