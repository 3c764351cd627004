import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { SyncError } from "../../core/errors.ts";
import { LOCAL_CREDENTIALS } from "../machine/local-account.ts";
import type { FindTable } from "./lookups.ts";

/** Looks existing tables up where they are: in the emulator. */
export function describeTables(aws: string, region: string): FindTable {
  const client = new DynamoDBClient({ endpoint: aws, region, credentials: LOCAL_CREDENTIALS });
  return async (tableName) => {
    const { Table: table = {} } = await client
      .send(new DescribeTableCommand({ TableName: tableName }))
      .catch((cause: unknown) => {
        throw cause instanceof ResourceNotFoundException ? unknownTable(tableName) : cause;
      });
    const nameOf = (type: string) =>
      table.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName ?? "";
    return {
      arn: table.TableArn ?? "",
      streamArn: table.LatestStreamArn ?? "",
      hashKey: nameOf("HASH"),
      rangeKey: nameOf("RANGE"),
      attributes: (table.AttributeDefinitions ?? []).map(({ AttributeName = "", AttributeType = "S" }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
    };
  };
}

function unknownTable(tableName: string): SyncError {
  return new SyncError("TABLE_UNKNOWN", "the source table does not exist", {
    subject: tableName,
    fix: "create it first, or declare it with source: { create: … }",
    retryable: false,
  });
}
