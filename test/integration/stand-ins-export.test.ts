import { gunzipSync } from "node:zlib";
import { DeleteItemCommand, ExportTableToPointInTimeCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { makeDynamoDbExport } from "../../adapters/dynamodb-export.ts";
import { makeS3ObjectStore } from "../../adapters/s3-object-store.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { toSdkItem } from "../../local/demo/to-sdk-item.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { createStreamedTable, type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";

const TableName = `exported-${process.pid}`;
const bucket = `exports-${process.pid}`;
const KEYS = 3_000;
const patience = { withinMillis: 60_000, fix: "look at the gateway's output" };
let world: GatewayWorld;
let tableArn: string;

jest.setTimeout(180_000);

beforeAll(async () => {
  world = await startGatewayWorld();
  await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  ({ tableArn } = await createStreamedTable(world.dynamodb, TableName));
});

afterAll(() => world.stop());

/** One write, by its number: most put, some delete, over a few thousand keys. */
function writeOf(number: number): { readonly id: string; readonly item: AttributeMap | undefined } {
  const id = `key-${(number * 7919) % KEYS}`;
  if (number % 5 === 4) return { id, item: undefined };
  const item = {
    id: { S: id },
    number: { N: `${number}` },
    digits: { N: `${number}.0000000000000000000000000001` },
    raw: { B: Buffer.from(`${number}`).toString("base64") },
    text: { S: number % 2 === 0 ? "" : 'ß "😀"\u2028\\' },
    tags: { SS: ["a", "b"] },
    nested: { M: { list: { L: [{ NULL: true }, { BOOL: false }] } } },
  } as const;
  return { id, item };
}

/** When each write was acknowledged, by its number; the next one has the next number. */
const acknowledgedAt: number[] = [];

async function writeNext(): Promise<void> {
  const { id, item } = writeOf(acknowledgedAt.length);
  const Key = { id: { S: id } };
  if (item === undefined) await world.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
  else await world.dynamodb.send(new PutItemCommand({ TableName, Item: toSdkItem(item) }));
  acknowledgedAt.push(Date.now());
}

/** The table after its first `count` writes: the reference an export is compared with. */
function tableAfter(count: number): Map<string, string> {
  const table = new Map<string, string>();
  for (let number = 0; number < count; number += 1) {
    const { id, item } = writeOf(number);
    if (item === undefined) table.delete(id);
    else table.set(id, canonical(item));
  }
  return table;
}

/** Text that is equal for equal items: emulator and test write attributes in different order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

const readObject = async (_: string, key: string) => makeS3ObjectStore(world.s3, bucket).readText(key);

/** Waits for an export and reads every line of every data file, as its manifests tell. */
async function readExport(exportArn: string) {
  const exports = makeDynamoDbExport(world.dynamodb, tableArn, readObject);
  await waitUntil(
    "the export is done",
    async () => (await exports.check(exportArn, () => true)).state === "done",
    patience,
  );
  const files = await exports.files(exportArn);
  const lines: string[] = [];
  for (const { key, items } of files) {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const content = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
    const own = content.toString().split("\n").slice(0, -1);
    expect(own).toHaveLength(items ?? -1);
    lines.push(...own);
  }
  return { files, lines };
}

/** Begins an export as the product does. */
async function begin(window?: { readonly from: number; readonly to: number }) {
  const request = { bucket, prefix: "exports/table", token: `token-${acknowledgedAt.length}` };
  const exports = makeDynamoDbExport(world.dynamodb, tableArn, readObject);
  return exports.start({ ...request, ...(window === undefined ? {} : { window }) });
}

/** Expects lines to be the table after some number of writes, the least and the most of which are known. */
function expectMoment(lines: readonly string[], least: number, most: number): void {
  const items = lines.map((line) => JSON.parse(line).Item);
  const exported = new Map(items.map((item) => [item.id.S, canonical(item)]));
  const isTable = (table: ReadonlyMap<string, string>) =>
    table.size === exported.size && [...table].every(([id, text]) => exported.get(id) === text);
  const counts = Array.from({ length: most - least + 1 }, (_, offset) => least + offset);
  expect(counts.filter((count) => isTable(tableAfter(count)))).not.toEqual([]);
}

describe("a full export", () => {
  it("is the table of the moment it was asked for, while it is written to all along", async () => {
    let writing = true;
    const writer = (async () => {
      while (writing) await writeNext();
    })();
    try {
      for (const count of [2_000, 4_000]) {
        await waitUntil(`${count} writes are made`, () => acknowledgedAt.length >= count, patience);
        const asked = { after: acknowledgedAt.length, second: Math.floor(Date.now() / 1000) };
        const { exportArn, exportTime } = await begin();
        const answered = acknowledgedAt.length;
        const { files, lines } = await readExport(exportArn);
        expect([asked.second, asked.second + 1]).toContain(exportTime / 1000);
        expect(files.length).toBeGreaterThanOrEqual(4);
        expectMoment(lines, asked.after, answered + 1);
      }
    } finally {
      writing = false;
      await writer;
    }
  });

  it("of a second in the past is the table of then, however much was written since", async () => {
    const second = Math.floor((acknowledgedAt[1_500] ?? 0) / 1000);
    const { ExportDescription } = await world.dynamodb.send(
      new ExportTableToPointInTimeCommand({
        TableArn: tableArn,
        S3Bucket: bucket,
        ExportTime: new Date(second * 1000),
      }),
    );
    const before = acknowledgedAt.filter((time) => time < second * 1000).length;
    const { lines } = await readExport(ExportDescription?.ExportArn ?? "");
    expect(acknowledgedAt.length - before).toBeGreaterThan(2_000);
    expectMoment(lines, before, before + 1);
  });
});

describe("an incremental export", () => {
  it("has the net change of every key", async () => {
    const to = Math.floor(Date.now() / 1000) * 1000 + 1_000;
    await waitUntil("the second of the last write is over", () => Date.now() >= to, patience);
    const { exportArn } = await begin({ from: to - 16 * 60_000, to });
    const { lines } = await readExport(exportArn);
    const changed = lines.map((line) => {
      const { Keys, NewImage, Metadata } = JSON.parse(line);
      expect(Metadata.WriteTimestampMicros.N).toMatch(/^\d{16}$/);
      return [Keys.id.S, canonical(NewImage)] as const;
    });
    expect(new Map(changed)).toEqual(tableAfter(acknowledgedAt.length));
  });
});
