import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { makeDynamoDbFacts } from "../../adapters/dynamodb-facts.ts";
import { makeLambdaStreamReaders } from "../../adapters/lambda-stream-readers.ts";
import { makeOpenShardCounter } from "../../adapters/open-shard-counter.ts";
import { checkStreamReaders } from "../../core/check/check-stream-load.ts";
import { checkTable } from "../../core/check/check-table.ts";
import { knownValue } from "../../core/check/fact.ts";
import { custom, tableOf } from "../core/check/facts.ts";
import { aws, startStubs } from "./lambda-stubs.ts";

const dynamodb = new DynamoDBClient(aws);
const lambda = new LambdaClient(aws);
const facts = makeDynamoDbFacts(dynamodb, makeOpenShardCounter(new DynamoDBStreamsClient(aws)));
const readers = makeLambdaStreamReaders(lambda);
const tableName = `check-${process.pid}`;
const declared = tableOf({
  source: { kind: "existing", tableName, keyArn: undefined },
  generations: [custom(1), custom(2)],
});

jest.setTimeout(60_000);

beforeAll(async () => {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
});

afterAll(async () => {
  await dynamodb.send(new DeleteTableCommand({ TableName: tableName }));
});

const statesOf = async () =>
  Object.fromEntries(
    checkTable(declared, await facts.read(tableName)).map(({ check, state }) => [check, state]),
  );

describe("the facts of a table, as the emulator tells them", () => {
  it("fail a bare table, and pass it once the printed commands were carried out", async () => {
    const before = await statesOf();
    expect(before).toEqual({
      "table-exists": "passed",
      "table-recovery": "failed",
      "table-stream": "failed",
      "table-encryption": "passed",
    });
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: tableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await dynamodb.send(
      new UpdateTableCommand({
        TableName: tableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
    expect(await statesOf()).toEqual({ ...before, "table-recovery": "passed", "table-stream": "passed" });
    expect(knownValue((await facts.read(tableName)).openShards)).toBeGreaterThanOrEqual(1);
  });

  it("count the functions that read the stream", async () => {
    const source = await facts.read(tableName);
    const EventSourceArn = knownValue(source.table)?.stream?.arn ?? "";
    const judge = async () =>
      checkStreamReaders(declared, source, await readers.list(EventSourceArn), new Set()).map(
        ({ state }) => state,
      );
    expect(await judge()).toEqual(["passed"]);
    const stubs = await startStubs({ other: () => null });
    const FunctionName = stubs.arnOf("other");
    const { UUID } = await lambda.send(
      new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName, StartingPosition: "TRIM_HORIZON" }),
    );
    expect(await judge()).toEqual(["failed"]);
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await stubs.stop();
  });

  it("say that there is no such table", async () => {
    expect(await facts.read("check-nowhere")).toMatchObject({
      table: { kind: "absent" },
      openShards: { kind: "absent" },
    });
  });
});
