import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { KeyAttribute, TableKey } from "../core/attribute-value.ts";
import type { DynamoDbSource } from "./table-context.ts";

/** A DynamoDB table as a source. Exactly one form. */
export type DynamoDbSourceArgs =
  /** An existing table by name, looked up: its stream must carry new and old images, its point-in-time recovery be on. */
  | { readonly dynamodb: pulumi.Input<string> }
  /** An existing table whose facts you have at hand, so that nothing is looked up. */
  | {
      readonly dynamodb: {
        readonly tableName: pulumi.Input<string>;
        readonly tableArn: pulumi.Input<string>;
        readonly streamArn: pulumi.Input<string>;
        readonly key: TableKey;
      };
    }
  /** A table made here, with stream and point-in-time recovery. */
  | { readonly create: CreateTableArgs };

/** A table to be made. */
export interface CreateTableArgs {
  /** @default named by Pulumi */
  readonly tableName?: pulumi.Input<string>;
  readonly partitionKey: KeyAttribute;
  /** @default none */
  readonly sortKey?: KeyAttribute;
}

/** Makes or finds the source table. Existing tables are never changed: `trueup` only reads them. */
export function resolveDynamoDbSource(
  name: string,
  args: DynamoDbSourceArgs,
  {
    parent,
    protect,
    keyArn,
  }: {
    readonly parent: pulumi.Resource;
    readonly protect: boolean;
    readonly keyArn: pulumi.Input<string> | undefined;
  },
): DynamoDbSource {
  if ("create" in args) return createTable(name, args.create, { parent, protect, keyArn });
  const { dynamodb } = args;
  if (typeof dynamodb === "object" && "tableArn" in dynamodb) {
    return {
      tableName: pulumi.output(dynamodb.tableName),
      tableArn: pulumi.output(dynamodb.tableArn),
      streamArn: pulumi.output(dynamodb.streamArn),
      key: pulumi.output(dynamodb.key),
    };
  }
  const found = aws.dynamodb.getTableOutput({ name: dynamodb }, { parent });
  return {
    tableName: found.name,
    tableArn: found.arn,
    streamArn: found.streamArn,
    key: found.apply(readKey),
  };
}

function createTable(
  name: string,
  { tableName, partitionKey, sortKey }: CreateTableArgs,
  {
    parent,
    protect,
    keyArn,
  }: {
    readonly parent: pulumi.Resource;
    readonly protect: boolean;
    readonly keyArn: pulumi.Input<string> | undefined;
  },
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
    tableName: table.tableName.apply((given) => given ?? ""),
    tableArn: table.arn,
    streamArn: table.streamArn,
    key: pulumi.output(sortKey === undefined ? { partitionKey } : { partitionKey, sortKey }),
  };
}

/** @throws Error when the look-up answers a table whose key attributes it does not define, which DynamoDB never has */
function readKey({ hashKey, rangeKey, attributes }: aws.dynamodb.GetTableResult): TableKey {
  const attribute = (wanted: string): KeyAttribute => {
    const found = attributes.find(({ name }) => name === wanted);
    const type = found?.type;
    if (type === "S" || type === "N" || type === "B") return { name: wanted, type };
    throw new Error(`the table defines no key attribute ${wanted}`);
  };
  const partitionKey = attribute(hashKey);
  return rangeKey === "" ? { partitionKey } : { partitionKey, sortKey: attribute(rangeKey) };
}
