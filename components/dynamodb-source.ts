import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { KeyAttribute, TableKey } from "../core/attribute-value.ts";
import { readExistingTable } from "./read-existing-table.ts";
import type { DynamoDbSource } from "./table-context.ts";

/** A DynamoDB table as a source. Exactly one form. */
export type DynamoDbSourceArgs =
  /** An existing table by name, looked up: its stream must carry new and old images, its point-in-time recovery be on. */
  | {
      readonly dynamodb: pulumi.Input<string>;
      /** The KMS key it is encrypted with, where that is one of your own. @default a key of AWS */
      readonly keyArn?: pulumi.Input<string>;
      readonly create?: never;
    }
  /** An existing table whose facts you have at hand, so that nothing is looked up. */
  | {
      readonly dynamodb: {
        readonly tableName: pulumi.Input<string>;
        readonly tableArn: pulumi.Input<string>;
        readonly streamArn: pulumi.Input<string>;
        readonly key: TableKey;
      };
      /** The KMS key it is encrypted with, where that is one of your own. @default a key of AWS */
      readonly keyArn?: pulumi.Input<string>;
      readonly create?: never;
    }
  /** A table made here, with stream and point-in-time recovery, encrypted with the environment's key. */
  | { readonly create: CreateTableArgs; readonly dynamodb?: never; readonly keyArn?: never };

/** A table to be made. */
export interface CreateTableArgs {
  /** Its name in DynamoDB. @default named by Pulumi */
  readonly tableName?: pulumi.Input<string>;
  /** Name and type of the first key attribute. */
  readonly partitionKey: KeyAttribute;
  /** Name and type of the second. @default none */
  readonly sortKey?: KeyAttribute;
}

/** What a source is made with beside what the user says of it. */
export interface SourceSurroundings {
  readonly parent: pulumi.Resource;
  readonly protect: boolean;
  /** The environment's key, for a table made here. */
  readonly keyArn: pulumi.Input<string> | undefined;
}

/** Makes or finds the source table. Existing tables are never changed: `trueup` only reads them. */
export function resolveDynamoDbSource(
  name: string,
  args: DynamoDbSourceArgs,
  { parent, protect, keyArn }: SourceSurroundings,
): DynamoDbSource {
  if ("create" in args) return createTable(name, args.create, { parent, protect, keyArn });
  const { dynamodb, keyArn: tableKeyArn } = args;
  if (typeof dynamodb === "object" && "tableArn" in dynamodb) {
    return {
      kind: "dynamodb",
      tableName: pulumi.output(dynamodb.tableName),
      tableArn: pulumi.output(dynamodb.tableArn),
      streamArn: pulumi.output(dynamodb.streamArn),
      key: pulumi.output(dynamodb.key),
      keyArn: tableKeyArn,
    };
  }
  const found = aws.dynamodb.getTableOutput({ name: dynamodb }, { parent }).apply(readExistingTable);
  return {
    kind: "dynamodb",
    tableName: found.tableName,
    tableArn: found.tableArn,
    streamArn: found.streamArn,
    key: found.apply(({ key }) => key),
    keyArn: tableKeyArn,
  };
}

function createTable(
  name: string,
  { tableName, partitionKey, sortKey }: CreateTableArgs,
  { parent, protect, keyArn }: SourceSurroundings,
): DynamoDbSource {
  const attributes = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  const table = new awsNative.dynamodb.Table(
    name,
    {
      ...(tableName === undefined ? {} : { tableName }),
      billingMode: "PAY_PER_REQUEST",
      attributeDefinitions: attributes.map(({ name: attributeName, type }) => ({
        attributeName,
        attributeType: type,
      })),
      keySchema: attributes.map(({ name: attributeName }, place) => ({
        attributeName,
        keyType: place === 0 ? "HASH" : "RANGE",
      })),
      streamSpecification: { streamViewType: "NEW_AND_OLD_IMAGES" },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtectionEnabled: protect,
      ...(keyArn === undefined
        ? {}
        : { sseSpecification: { sseEnabled: true, sseType: "KMS", kmsMasterKeyId: keyArn } }),
    },
    { parent, protect, retainOnDelete: protect },
  );
  return {
    kind: "dynamodb",
    tableName: table.tableName.apply((given) => given ?? ""),
    tableArn: table.arn,
    streamArn: table.streamArn,
    key: pulumi.output(sortKey === undefined ? { partitionKey } : { partitionKey, sortKey }),
    keyArn: undefined,
  };
}
