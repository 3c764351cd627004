import { setTimeout as wait } from "node:timers/promises";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

/** The table that toggles happen to, and its key attribute. */
export const [SOURCE, KEY] = ["toggled-records", "id"];

const STILL = 120;
const MOVING = 480;
const BATCH = 25;
const WRITES_PER_SECOND = 30;
const TICK_MILLIS = 50;
/** One in so many has a text where the mapping of a refusing generation wants a date. */
const ODD = 25;

/** Records that nobody writes, which every search must find. */
export const stillIds: readonly string[] = Array.from({ length: STILL }, (_, place) => `still-${place}`);
const movingIds: readonly string[] = Array.from({ length: MOVING }, (_, place) => `moving-${place}`);

type Item = Record<string, AttributeValue>;

function makeItem(id: string, change: number): Item {
  const place = Number(id.split("-")[1]);
  return {
    [KEY]: { S: id },
    change: { N: String(change) },
    exact: { N: `${change}.00000000000000000000000000001` },
    words: { SS: [`a${change % 7}`, "b"] },
    ...(place % ODD === 0 ? { odd: { S: "no date at all" } } : {}),
  };
}

/** Makes the table, as people have theirs before they think of searching it, and fills it. */
export async function createSource(dynamodb: DynamoDBClient): Promise<void> {
  const TableName = SOURCE;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: KEY, AttributeType: "S" }],
      KeySchema: [{ AttributeName: KEY, KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60 }, { TableName });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  await fillSource(dynamodb, 0);
}

/** Writes every record. */
export async function fillSource(dynamodb: DynamoDBClient, change: number): Promise<void> {
  const Puts = [...stillIds, ...movingIds].map((id) => ({ PutRequest: { Item: makeItem(id, change) } }));
  await writeAll(dynamodb, Puts);
}

/** Deletes every record there can be. */
export async function emptySource(dynamodb: DynamoDBClient): Promise<void> {
  const deletes = [...stillIds, ...movingIds].map((id) => ({ DeleteRequest: { Key: { [KEY]: { S: id } } } }));
  await writeAll(dynamodb, deletes);
}

type Requests = NonNullable<ConstructorParameters<typeof BatchWriteItemCommand>[0]["RequestItems"]>[string];

async function writeAll(dynamodb: DynamoDBClient, requests: Requests): Promise<void> {
  for (let start = 0; start < requests.length; start += BATCH) {
    let left = requests.slice(start, start + BATCH);
    while (left.length > 0) {
      const answer = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [SOURCE]: left } }));
      left = answer.UnprocessedItems?.[SOURCE] ?? [];
    }
  }
}

/** The application: it puts, deletes and puts again what moves, at a steady rate, whatever happens to searches. */
export function makeTraffic(dynamodb: DynamoDBClient) {
  let change = 1;
  const write = () => {
    change += 1;
    const id = movingIds[(change * 7_919) % MOVING] ?? "";
    const TableName = SOURCE;
    return change % 9 === 4
      ? dynamodb.send(new DeleteItemCommand({ TableName, Key: { [KEY]: { S: id } } }))
      : dynamodb.send(new PutItemCommand({ TableName, Item: makeItem(id, change) }));
  };
  /** @returns what stops it; resolves when its last write is acknowledged, rejects when one failed */
  return () => {
    let running = true;
    const ended = (async () => {
      for (; running; await wait(TICK_MILLIS)) {
        const due = Array.from({ length: Math.ceil((WRITES_PER_SECOND * TICK_MILLIS) / 1000) }, write);
        await Promise.all(due);
      }
    })();
    ended.catch(() => {}); // told to whoever stops it
    return async (): Promise<void> => {
      running = false;
      await ended;
    };
  };
}
