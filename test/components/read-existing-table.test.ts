import { readExistingTable } from "../../components/read-existing-table.ts";

const arn = "arn:aws:dynamodb:eu-central-1:1:table/orders";
const found = {
  name: "orders",
  arn,
  streamArn: `${arn}/stream/s`,
  streamViewType: "NEW_AND_OLD_IMAGES",
  hashKey: "id",
  attributes: [
    { name: "at", type: "N" },
    { name: "id", type: "S" },
  ],
};

it("reads names, stream and both key attributes", () => {
  expect(readExistingTable({ ...found, rangeKey: "at" })).toEqual({
    tableName: "orders",
    tableArn: arn,
    streamArn: `${arn}/stream/s`,
    key: { partitionKey: { name: "id", type: "S" }, sortKey: { name: "at", type: "N" } },
  });
});

// The provider leaves out what a table does not have, or gives it as empty text.
it.each([[{}], [{ rangeKey: "" }]])("takes a table without a sort key for one, given %j", (rest) => {
  expect(readExistingTable({ ...found, ...rest }).key).toEqual({ partitionKey: { name: "id", type: "S" } });
});

it.each([
  ["no stream", { streamArn: "" }],
  ["keys only in its stream", { streamViewType: "KEYS_ONLY" }],
])("refuses a table with %s instead of mapping nothing, and names the command", (_, rest) => {
  expect(() => readExistingTable({ ...found, ...rest })).toThrow(
    "PREREQUISITE_MISSING: the table is without a stream with new and old images (dynamodb table orders). Fix: aws dynamodb update-table --table-name orders --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES.",
  );
});

it("refuses a table that cannot be exported, before anything is made for it", () => {
  const pointInTimeRecovery = { enabled: false, recoveryPeriodInDays: 0 };
  expect(() => readExistingTable({ ...found, pointInTimeRecovery })).toThrow(
    /PREREQUISITE_MISSING: the table is without point-in-time recovery .* update-continuous-backups --table-name orders/,
  );
});

it("refuses a look-up that does not define its key", () => {
  expect(() => readExistingTable({ ...found, hashKey: "other" })).toThrow("key attribute other");
});
