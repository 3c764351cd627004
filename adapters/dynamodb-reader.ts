import { setTimeout as pause } from "node:timers/promises";
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../core/attribute-value.ts";
import { backoffMillis } from "../core/backoff.ts";
import { SyncError } from "../core/errors.ts";
import { versionOfReread } from "../core/external-version.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import { fromDynamoDbItem, toDynamoDbItem } from "./from-dynamodb-value.ts";

/** The most keys one BatchGetItem takes. */
const KEYS_A_CALL = 100;
/** Tries for keys that a call left unprocessed, before the caller has to come again. */
const MAXIMUM_TRIES = 8;

type Item = Record<string, AttributeValue>;

/**
 * Reads a table's records with strong consistency.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 * `ConsistentRead`, and `UnprocessedKeys` of an answer over 16 MB or while throttled
 */
export function makeDynamoDbReader(client: DynamoDBClient, tableName: string, now: Clock): SourceReader {
  return {
    read: async (keys) => {
      const readAt = now();
      const found = new Map<string, AttributeMap>();
      const distinct = [...new Map(keys.map((key) => [nameKey(key, key), toDynamoDbItem(key)])).values()];
      for (let start = 0; start < distinct.length; start += KEYS_A_CALL) {
        for (const item of await readSettled(client, tableName, distinct.slice(start, start + KEYS_A_CALL))) {
          const record = fromDynamoDbItem(item);
          found.set(nameKey(record, keys[0] ?? {}), record);
        }
      }
      const records = keys.map((key) => found.get(nameKey(key, key)));
      return { version: versionOfReread(readAt), readAt, records };
    },
  };
}

/**
 * A key that no record can have, or two spellings of one number, make DynamoDB refuse the whole call: then each is
 * asked for alone, and one that is refused alone is no record's.
 */
async function readSettled(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly Item[],
): Promise<readonly Item[]> {
  try {
    return await readAll(client, tableName, keys);
  } catch (cause) {
    if (!isRefusedKey(cause)) throw cause;
    if (keys.length === 1) return [];
    const items: Item[] = [];
    for (const key of keys) items.push(...(await readSettled(client, tableName, [key])));
    return items;
  }
}

/** Not where the declared key is not the table's: then every record would pass for deleted. */
function isRefusedKey(cause: unknown): boolean {
  const reason = cause instanceof Error ? cause.cause : undefined;
  if (!(reason instanceof Error) || reason.name !== "ValidationException") return false;
  return !reason.message.includes("does not match the schema");
}

async function readAll(client: DynamoDBClient, tableName: string, keys: readonly Item[]): Promise<Item[]> {
  const items: Item[] = [];
  let left: readonly Item[] = keys;
  for (let tries = 1; tries <= MAXIMUM_TRIES; tries += 1) {
    const answer = await readSome(client, tableName, left);
    items.push(...(answer.Responses?.[tableName] ?? []));
    left = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length === 0) return items;
    await pause(backoffMillis(tries, Math.random()));
  }
  throw unread(tableName, `${left.length} keys left unprocessed`);
}

async function readSome(client: DynamoDBClient, tableName: string, keys: readonly Item[]) {
  const request = { [tableName]: { Keys: [...keys], ConsistentRead: true } };
  try {
    return await client.send(new BatchGetItemCommand({ RequestItems: request }));
  } catch (cause) {
    throw unread(tableName, cause instanceof Error ? cause.name : "no reason given", cause);
  }
}

/** Names a record by the attributes of a key, in one order. Keys hold scalars only. */
function nameKey(record: AttributeMap, key: AttributeMap): string {
  const names = Object.keys(key).sort();
  return JSON.stringify(names.map((name) => record[name]));
}

function unread(tableName: string, why: string, cause?: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "records could not be read again from the source", {
    subject: `${tableName}, ${why}`,
    fix: "raise the table's read capacity, or wait; the request stays on its queue",
    retryable: true,
    cause,
  });
}
