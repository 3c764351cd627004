import { readExistingTable } from "../../../components/read-existing-table.ts";
import { answerLookup, assumeTables, type FoundTable } from "../../../local/synth/lookups.ts";
import { tokensOf } from "../../../local/synth/tokens.ts";

const GET_TABLE = "aws:dynamodb/getTable:getTable";
const found: FoundTable = {
  arn: "arn:table",
  streamArn: "arn:stream",
  hashKey: "id",
  rangeKey: "at",
  attributes: [
    { name: "id", type: "S" },
    { name: "at", type: "N" },
  ],
};
const nothing = { findTable: () => Promise.reject(new Error("nobody asks for a table")) };

it.each([
  ["aws:index/getRegion:getRegion", { region: "⟨AWS::Region⟩" }],
  ["aws:index/getCallerIdentity:getCallerIdentity", { accountId: "⟨AWS::AccountId⟩" }],
  ["aws:index/getPartition:getPartition", { partition: "⟨AWS::Partition⟩" }],
])("answers %s with what CloudFormation knows at deployment", async (token, answer) => {
  expect(await answerLookup(token, {}, nothing)).toEqual(answer);
});

it("tells of a table what was found, in the words of the look-up", async () => {
  const asked: string[] = [];
  const findTable = async (name: string) => {
    asked.push(name);
    return found;
  };
  const answer = await answerLookup(GET_TABLE, { name: "orders" }, { findTable });
  expect(asked).toEqual(["orders"]);
  expect(answer).toEqual({ name: "orders", ...found });
});

it("passes on why a table was not found", async () => {
  const findTable = async () => {
    throw new RangeError("no such table");
  };
  await expect(answerLookup(GET_TABLE, { name: "orders" }, { findTable })).rejects.toThrow(
    new RangeError("no such table"),
  );
});

it.each([
  [
    "aws:rds/getCluster:getCluster",
    { clusterIdentifier: "shop" },
    { engine: "aurora-postgresql", port: 5432 },
  ],
  ["aws:rds/getInstance:getInstance", { dbInstanceIdentifier: "shop" }, { engine: "postgres", port: 5432 }],
  ["aws:msk/getBootstrapBrokers:getBootstrapBrokers", {}, { bootstrapBrokersSaslIam: expect.any(String) }],
])("assumes what %s would tell, and says so", async (token, inputs, answer) => {
  const assumed: string[] = [];
  const assume = (assumption: string) => {
    assumed.push(assumption);
  };
  expect(await answerLookup(token, inputs, { ...nothing, assume })).toMatchObject(answer);
  expect(assumed).toHaveLength(1);
});

it("refuses a look-up it has no answer for, and names it", async () => {
  await expect(answerLookup("aws:ec2/getAmi:getAmi", {}, nothing)).rejects.toThrow(
    /^SYNTH_UNSUPPORTED: .*aws:ec2\/getAmi:getAmi/,
  );
});

describe("a table that is assumed", () => {
  it("is told of, so that a person can see whether it is so", async () => {
    const told: string[] = [];
    await assumeTables((assumption) => told.push(assumption))("orders");
    expect(told).toEqual([
      expect.stringMatching(/^table orders: partition key id \(S\), no sort key, a stream/),
    ]);
  });

  it("can be a source, at a place that is known at deployment", async () => {
    const { attributes, ...table } = await assumeTables(() => {})("orders");
    const source = readExistingTable({ name: "orders", attributes: [...attributes], ...table });
    expect(source).toMatchObject({
      tableName: "orders",
      key: { partitionKey: { name: "id", type: "S" } },
      streamArn: expect.stringContaining(`${source.tableArn}/stream/`),
    });
    expect(source.key).not.toHaveProperty("sortKey");
    expect(tokensOf(source.tableArn)).toEqual(
      ["AWS::Partition", "AWS::Region", "AWS::AccountId"].map((of) => ({ of })),
    );
  });
});
