import { DeleteTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { toDocumentText } from "../../core/document.ts";
import { readPlaceRecords } from "../../local/demo/place-records.ts";
import { type Comparison, demoCredentials, runChecker } from "../../local/demo/run-command.ts";
import { callSearch } from "../../local/demo/search-calls.ts";
import {
  createSourceTable,
  loadSourceTable,
  SOURCE_KEY,
  SOURCE_TABLE,
} from "../../local/demo/source-table.ts";
import { toSdkItem } from "../../local/demo/to-sdk-item.ts";

jest.setTimeout(120_000);

const aws = process.env["TRUEUP_TEST_AWS"] ?? "";
const search = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const index = "checker-places";
const credentials = {
  accessKeyId: demoCredentials.AWS_ACCESS_KEY_ID,
  secretAccessKey: demoCredentials.AWS_SECRET_ACCESS_KEY,
};
const dynamodb = new DynamoDBClient({ endpoint: aws, region: "us-east-1", credentials });
const places = readPlaceRecords(60);

describe("the checker", () => {
  beforeAll(async () => {
    await createSourceTable(dynamodb);
    await loadSourceTable(dynamodb, places, () => {});
    await callSearch("PUT", `${search}/${index}`, { mappings: { dynamic: false } });
    for (const { id, item } of places) await put(id, toDocumentText(item));
  });
  afterAll(async () => {
    await dynamodb.send(new DeleteTableCommand({ TableName: SOURCE_TABLE }));
    await callSearch("DELETE", `${search}/${index}`);
    dynamodb.destroy();
  });

  it("finds an index equal whose every document is its record, digit by digit", async () => {
    expect(await check()).toMatchObject({ records: 60, documents: 60, equal: true });
  });

  it("sees the last of 38 digits, a number that became text, and a truth that became a number", async () => {
    const [first, second, third] = places;
    if (first === undefined || second === undefined || third === undefined) throw new Error("too few places");
    await put(first.id, toDocumentText(first.item).replace(/("digits":7\d{36})3/, "$14"));
    await put(second.id, toDocumentText(second.item).replace(/"change":0/, '"change":"0"'));
    await put(third.id, toDocumentText(third.item).replace(/"populated":true/, '"populated":1'));
    expect(await check()).toMatchObject({ missing: 0, extra: 0, different: 3, equal: false });
    for (const { id, item } of [first, second, third]) await put(id, toDocumentText(item));
  });

  it("tells a record without document from a document without record", async () => {
    await put("nobody", '{"cityId":"nobody"}');
    const item = toSdkItem({ [SOURCE_KEY]: { S: "unseen" } });
    await dynamodb.send(new PutItemCommand({ TableName: SOURCE_TABLE, Item: item }));
    expect(await check()).toMatchObject({ missing: 1, extra: 1, different: 0, equal: false });
  });
});

/** Sent as text: numbers never become JavaScript's. */
async function put(id: string, document: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${search}/${index}/_doc/${id}`, { method: "PUT", headers, body: document });
  expect(answer.ok).toBe(true);
}

function check(): Promise<Comparison> {
  return runChecker({
    source: { aws },
    search,
    table: SOURCE_TABLE,
    key: SOURCE_KEY,
    alias: index,
    withinSeconds: 0,
  });
}
