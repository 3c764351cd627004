import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { makeDynamoDbReader } from "../../adapters/dynamodb-reader.ts";

/** A table with the record 7, which refuses a call as DynamoDB does: for keys that are one, or that are none. */
function makeTable() {
  const calls: (readonly string[])[] = [];
  const client = new DynamoDBClient({ region: "us-east-1" });
  client.send = async (command: object) => {
    if (!(command instanceof BatchGetItemCommand)) throw new TypeError("another call");
    const keys = command.input.RequestItems?.["t"]?.Keys ?? [];
    const numbers = keys.map(({ id }) => id?.N ?? "");
    calls.push(numbers);
    const values = numbers.map(Number);
    const refused = new Set(values).size < values.length || numbers.includes("1e-400");
    if (refused) throw Object.assign(new Error("duplicates, or no number"), { name: "ValidationException" });
    return { Responses: { t: values.includes(7) ? [{ id: { N: "7" }, name: { S: "seven" } }] : [] } };
  };
  return { calls, reader: makeDynamoDbReader(client, "t", () => 1_700_000_000_000) };
}

describe("reading records again", () => {
  it("gives each key its record or nothing, in order, in one call", async () => {
    const { calls, reader } = makeTable();
    const seven = { id: { N: "7" }, name: { S: "seven" } };
    const read = await reader.read([{ id: { N: "8" } }, { id: { N: "7" } }, { id: { N: "7" } }]);
    expect(read.records).toEqual([undefined, seven, seven]);
    expect(read).toMatchObject({ readAt: 1_700_000_000_000, version: 1_699_999_994_999_999n });
    expect(calls).toEqual([["8", "7"]]);
  });

  it.each([
    ["another spelling of a key", "7.0"],
    ["a key that no record can have", "1e-400"],
  ])("is not stopped by %s beside a good one", async (_what, foreign) => {
    const { reader } = makeTable();
    const { records } = await reader.read([{ id: { N: "7" } }, { id: { N: foreign } }]);
    const [good, bad] = records;
    expect(good).toMatchObject({ name: { S: "seven" } });
    expect(bad).toBeUndefined();
  });

  it("takes no record for deleted because the declared key is not the table's", async () => {
    const message = "The provided key element does not match the schema";
    const client = new DynamoDBClient({ region: "us-east-1" });
    client.send = async () =>
      Promise.reject(Object.assign(new Error(message), { name: "ValidationException" }));
    await expect(
      makeDynamoDbReader(client, "t", () => 1_700_000_000_000).read([{ id: { N: "7" } }]),
    ).rejects.toMatchObject({
      code: "ENGINE_FAILED",
    });
  });

  it("fails as a whole, to be done again, where DynamoDB does", async () => {
    const client = new DynamoDBClient({ region: "us-east-1" });
    client.send = async () =>
      Promise.reject(Object.assign(new Error("busy"), { name: "InternalServerError" }));
    await expect(
      makeDynamoDbReader(client, "t", () => 1_700_000_000_000).read([{ id: { N: "7" } }]),
    ).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      retryable: true,
      message: expect.stringContaining("InternalServerError"),
    });
  });
});
