import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { makeDynamoDbFacts } from "../../adapters/dynamodb-facts.ts";
import { makeOpenShardCounter } from "../../adapters/open-shard-counter.ts";
import { answerWith, documented, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const STREAM = "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders/stream/2026-01-05T10:00:00.000";

function read(table: readonly WireAnswer[], stream: readonly WireAnswer[]) {
  const count = makeOpenShardCounter(new DynamoDBStreamsClient(answerWith(...stream)));
  return makeDynamoDbFacts(new DynamoDBClient(answerWith(...table)), count).read("shop-orders");
}

describe("facts of a DynamoDB table", () => {
  it("are what AWS says of it", async () => {
    const backups = documented("describe-continuous-backups.json");
    const facts = await read(
      [documented("describe-table.json"), backups],
      [documented("describe-stream.json")],
    );
    expect(facts).toEqual({
      table: {
        kind: "known",
        value: {
          tableName: "shop-orders",
          tableArn: "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders",
          status: "ACTIVE",
          sizeBytes: 10_737_418_240,
          itemCount: 5_000_000,
          key: [
            { name: "customer", type: "S" },
            { name: "placedAt", type: "N" },
          ],
          stream: { arn: STREAM, view: "NEW_AND_OLD_IMAGES" },
          replicaRegions: ["us-east-1"],
          encryption: {
            kind: "kms",
            keyArn: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0abc-def012345678",
            inaccessible: false,
          },
        },
      },
      recovery: { kind: "known", value: true },
      openShards: { kind: "known", value: 2 },
    });
  });

  it("know a stream that was switched off for none, though its ARN is still told", async () => {
    const off = {
      body: JSON.stringify({ ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED" } }),
    };
    const facts = await read([documented("describe-table-bare.json"), off], []);
    expect(facts.table).toMatchObject({
      value: { stream: undefined, key: [{ type: "B" }], replicaRegions: [], encryption: { kind: "owned" } },
    });
    expect(facts.recovery).toEqual({ kind: "known", value: false });
    expect(facts.openShards).toEqual({ kind: "absent" });
  });

  it("say that there is no such table", async () => {
    const gone = jsonError("com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "not found");
    const unknown = jsonError("com.amazonaws.dynamodb.v20120810#TableNotFoundException", "not found");
    expect(await read([gone, unknown], [])).toEqual({
      table: { kind: "absent" },
      recovery: { kind: "absent" },
      openShards: { kind: "absent" },
    });
  });

  it("name the permission that is denied, each by itself", async () => {
    const denied = jsonError("com.amazon.coral.service#AccessDeniedException", "User: x is not authorized");
    const facts = await read([documented("describe-table.json"), denied], [denied]);
    expect(facts.table.kind).toBe("known");
    expect(facts.recovery).toMatchObject({ permission: "dynamodb:DescribeContinuousBackups" });
    expect(facts.openShards).toEqual({
      kind: "unreadable",
      reason: "AccessDeniedException: User: x is not authorized",
      permission: "dynamodb:DescribeStream",
    });
  });
});
