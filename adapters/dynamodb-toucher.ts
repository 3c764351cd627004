import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SyncError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import { type SourceToucher, TOUCHED_ATTRIBUTE } from "../core/ports/source-toucher.ts";
import { toDynamoDbItem } from "./from-dynamodb-value.ts";

/** Touches items of a table. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export function makeDynamoDbToucher(client: DynamoDBClient, tableName: string, now: Clock): SourceToucher {
  return {
    touch: async (key) => {
      const [name = ""] = Object.keys(key);
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: toDynamoDbItem(key),
        UpdateExpression: "SET #touched = :now",
        ConditionExpression: "attribute_exists(#key)",
        ExpressionAttributeNames: { "#touched": TOUCHED_ATTRIBUTE, "#key": name },
        ExpressionAttributeValues: { ":now": { N: String(now()) } },
      });
      try {
        await client.send(command);
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw failed(tableName, cause);
      }
    },
  };
}

function failed(tableName: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "a record could not be touched", {
    subject: `${tableName}, ${cause instanceof Error ? cause.name : "no reason given"}`,
    fix: "check that the table is there and that this function may update its items",
    retryable: true,
    cause,
  });
}
