import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../core/attribute-value.ts";
import { toPlainRecord } from "../core/document.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { TransformServices } from "../core/transform.ts";
import { makeDynamoDbReader } from "./dynamodb-reader.ts";

/** Lets transforms read records of other tables by key. */
export function makeLookup(client: DynamoDBClient, now: Clock): TransformServices["lookup"] {
  return async (tableName, keys) => {
    const { records } = await makeDynamoDbReader(client, tableName, now).read(keys.map(toKey));
    return records.map((record) => (record === undefined ? undefined : toPlainRecord(record)));
  };
}

function toKey(key: Readonly<Record<string, string | number | bigint>>): AttributeMap {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === "string" ? { S: value } : { N: String(value) },
    ]),
  );
}
