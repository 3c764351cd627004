import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { makeDynamoDbToucher } from "../../adapters/dynamodb-toucher.ts";

const key = { id: { S: "a" }, at: { N: "7" } };

/** A client that answers as told, and keeps what it was asked. */
function makeClient(fail?: Error) {
  const asked: object[] = [];
  const client = new DynamoDBClient({ region: "us-east-1" });
  client.middlewareStack.add(
    () => async (args) => {
      asked.push(Object(args.input));
      if (fail !== undefined) throw fail;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: "initialize", priority: "high" },
  );
  return { asked, toucher: makeDynamoDbToucher(client, "orders", () => 1_764_000_000_000) };
}

describe("touching a record", () => {
  it("writes one attribute, and makes no record that is not there", async () => {
    const { asked, toucher } = makeClient();
    await toucher.touch(key);
    expect(asked).toMatchObject([
      {
        TableName: "orders",
        Key: { id: { S: "a" }, at: { N: "7" } },
        UpdateExpression: "SET #touched = :now",
        ConditionExpression: "attribute_exists(#key)",
        ExpressionAttributeNames: { "#touched": "_trueup_touched", "#key": "id" },
        ExpressionAttributeValues: { ":now": { N: "1764000000000" } },
      },
    ]);
  });

  it("leaves a record alone that is gone", async () => {
    const gone = new ConditionalCheckFailedException({ message: "no such item", $metadata: {} });
    await expect(makeClient(gone).toucher.touch(key)).resolves.toBeUndefined();
  });

  it("says which table did not answer, and that it may be tried again", async () => {
    await expect(makeClient(new Error("busy")).toucher.touch(key)).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      subject: "orders, Error",
      retryable: true,
    });
  });
});
