import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { KeyAttribute } from "../core/attribute-value.ts";
import { type Fact, knownValue } from "../core/check/fact.ts";
import type { SourceFacts, TableEncryption, TableReading } from "../core/ports/source-facts.ts";
import type { CountOpenShards } from "./open-shard-counter.ts";
import { readFact } from "./read-fact.ts";

const ABSENT = ["ResourceNotFoundException", "TableNotFoundException"];

/**
 * Reads tables with two calls each, and their streams' shards; no record is read.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
 */
export function makeDynamoDbFacts(client: DynamoDBClient, countOpenShards: CountOpenShards): SourceFacts {
  return {
    read: async (tableName) => {
      const table = await readFact({ permission: "dynamodb:DescribeTable", absent: ABSENT }, () =>
        describeTable(client, tableName),
      );
      const recovery = await readFact(
        { permission: "dynamodb:DescribeContinuousBackups", absent: ABSENT },
        () => describeRecovery(client, tableName),
      );
      return { table, recovery, openShards: await readShards(table, countOpenShards) };
    },
  };
}

async function readShards(table: Fact<TableReading>, count: CountOpenShards): Promise<Fact<number>> {
  const stream = knownValue(table)?.stream;
  return stream === undefined ? { kind: "absent" } : count(stream.arn);
}

async function describeTable(client: DynamoDBClient, TableName: string): Promise<TableReading | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table === undefined ? undefined : toReading(Table, client);
}

async function describeRecovery(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return recovery?.PointInTimeRecoveryStatus === "ENABLED";
}

async function toReading(table: TableDescription, client: DynamoDBClient): Promise<TableReading> {
  const here = await client.config.region();
  return {
    tableName: table.TableName ?? "",
    tableArn: table.TableArn ?? "",
    status: table.TableStatus ?? "unknown",
    sizeBytes: table.TableSizeBytes ?? 0,
    itemCount: table.ItemCount ?? 0,
    key: (table.KeySchema ?? []).map(({ AttributeName }) => toKey(AttributeName ?? "", table)),
    stream: toStream(table),
    replicaRegions: (table.Replicas ?? [])
      .map(({ RegionName }) => RegionName ?? "")
      .filter((region) => region !== here && region !== ""),
    encryption: toEncryption(table),
  };
}

function toKey(name: string, { AttributeDefinitions = [] }: TableDescription): KeyAttribute {
  const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return { name, type: type === "N" || type === "B" ? type : "S" };
}

/** A stream that was switched off keeps its ARN for a day. */
function toStream({ StreamSpecification, LatestStreamArn }: TableDescription): TableReading["stream"] {
  if (StreamSpecification?.StreamEnabled !== true || LatestStreamArn === undefined) return undefined;
  return { arn: LatestStreamArn, view: StreamSpecification.StreamViewType ?? "unknown" };
}

function toEncryption({ SSEDescription }: TableDescription): TableEncryption {
  const keyArn = SSEDescription?.KMSMasterKeyArn;
  if (keyArn === undefined || SSEDescription?.Status === "DISABLED") return { kind: "owned" };
  return { kind: "kms", keyArn, inaccessible: SSEDescription?.InaccessibleEncryptionDateTime !== undefined };
}
