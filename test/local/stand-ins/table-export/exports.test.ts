import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import type { DynamoDbStreams } from "../../../../local/stand-ins/dynamodb-streams.ts";
import type { Emulator } from "../../../../local/stand-ins/emulator.ts";
import type { ExportDescription } from "../../../../local/stand-ins/table-export/export-description.ts";
import { isRefusal, parseExportRequest } from "../../../../local/stand-ins/table-export/export-request.ts";
import { makeExports } from "../../../../local/stand-ins/table-export/exports.ts";
import { TableModel, toItem } from "./table-model.ts";

const NOW = 1_800_000_000_500;
const TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
const ASKED = { TableArn: TABLE_ARN, S3Bucket: "bucket", S3Prefix: "exports/orders" };

/** A table, its stream, and a bucket; `beforeRead` runs when an export has begun and has read nothing yet. */
function makeWorld(beforeRead: (model: TableModel) => void = () => {}) {
  const model = new TableModel();
  const objects = new Map<string, Buffer>();
  const described = {
    Table: {
      TableName: "orders",
      TableArn: TABLE_ARN,
      TableId: "table-id",
      CreationDateTime: 1_700_000_000,
      KeySchema: [{ AttributeName: "id" }],
      LatestStreamArn: "stream",
      LatestStreamLabel: "2023-11-14T22:13:20.000",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    },
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" },
    },
  };
  const emulator: Emulator = {
    call: async () => ({ kind: "done", output: described }),
    send: async () => {
      beforeRead(model);
      const body = Readable.from([Buffer.from(JSON.stringify({ Items: [...model.items.values()] }))]);
      return Object.assign(body, { statusCode: 200, headers: {} });
    },
  };
  const streams: DynamoDbStreams = {
    listShards: async () => [{ id: "shard", parent: undefined, closed: false }],
    openShard: async (_, __, { kind }) => ({
      kind: "opened",
      iterator: String(kind === "end" ? model.stream.length : 0),
    }),
    readPage: async (iterator) => {
      const records = model.stream.slice(Number(iterator), Number(iterator) + 2);
      return { kind: "page", records, next: String(Number(iterator) + records.length) };
    },
  };
  const put = async (bucket: string, key: string, content: string | Uint8Array) => {
    if (bucket === "nowhere") throw new Error("NoSuchBucket");
    objects.set(key, Buffer.from(content));
    return "etag";
  };
  const exports = makeExports({ emulator, streams, objects: { put }, now: () => NOW });
  const begin = async (input: object) => {
    const request = parseExportRequest({ ...ASKED, ...input });
    return isRefusal(request) ? request : exports.begin(request);
  };
  const finish = async (input: object): Promise<ExportDescription> => {
    const begun = await begin(input);
    if (isRefusal(begun)) throw new Error(begun.message);
    for (;;) {
      const found = exports.find(begun.ExportArn);
      if (found !== undefined && found.ExportStatus !== "IN_PROGRESS") return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { model, objects, exports, begin, finish };
}

function readLines(objects: ReadonlyMap<string, Buffer>, folder: string): readonly string[] {
  const files = [...objects].filter(([key]) => key.startsWith(folder));
  return files.flatMap(([, content]) => gunzipSync(content).toString().split("\n").slice(0, -1)).sort();
}

describe("a full export", () => {
  it("holds the table of the moment it was asked for, in the wire's own words", async () => {
    const world = makeWorld((model) => {
      model.apply({ key: "kept", content: 9, seconds: 1_800_000_000 });
      model.apply({ key: "gone", content: undefined, seconds: 1_800_000_000 });
      model.apply({ key: "new", content: 9, seconds: 1_800_000_000 });
    });
    for (const key of ["kept", "gone", "calm"])
      world.model.apply({ key, content: 1, seconds: 1_799_999_999 });
    const { ExportArn, ExportManifest, ExportTime, ...rest } = await world.finish({});
    expect(rest).toMatchObject({ ExportStatus: "COMPLETED", ItemCount: 3, TableId: "table-id" });
    expect(ExportTime).toBe(1_800_000_000);
    const folder = `exports/orders/AWSDynamoDB/${ExportArn.split("/").at(-1)}/`;
    expect(ExportManifest).toBe(`${folder}manifest-summary.json`);
    const lines = ["calm", "gone", "kept"].map((key) => JSON.stringify({ Item: toItem(key, 1) }));
    expect(readLines(world.objects, `${folder}data/`)).toEqual(lines);
  });

  it("has several data files, each with its count and checksum in the manifest, and checksums of the manifests", async () => {
    const { model, objects, finish } = makeWorld();
    for (let place = 0; place < 40; place += 1) model.apply({ key: `k${place}`, content: place, seconds: 1 });
    const { ExportArn, ExportManifest = "" } = await finish({});
    const summary = JSON.parse(String(objects.get(ExportManifest)));
    expect(summary).toMatchObject({
      version: "2020-06-30",
      exportArn: ExportArn,
      exportTime: "2027-01-15T08:00:00.000Z",
      s3Bucket: "bucket",
      s3Prefix: "exports/orders",
      itemCount: 40,
      outputFormat: "DYNAMODB_JSON",
    });
    const manifest = objects.get(summary.manifestFilesS3Key) ?? Buffer.alloc(0);
    const files = manifest
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(files).toHaveLength(4);
    expect(files.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(40);
    for (const { dataFileS3Key, md5Checksum, itemCount, etag } of files) {
      const content = objects.get(dataFileS3Key) ?? Buffer.alloc(0);
      expect([md5Checksum, etag]).toEqual([md5Of(content), "etag"]);
      expect(gunzipSync(content).toString().split("\n")).toHaveLength(itemCount + 1);
    }
    for (const name of ["manifest-summary", "manifest-files"]) {
      const key = ExportManifest.replace("manifest-summary", name);
      expect(String(objects.get(key.replace(".json", ".md5")))).toBe(md5Of(objects.get(key) ?? ""));
    }
    expect(objects.get(ExportManifest.replace("manifest-summary.json", "_started"))).toHaveLength(0);
  });

  it("of a table without items has files without lines", async () => {
    const { objects, finish } = makeWorld();
    const { ExportManifest = "" } = await finish({ S3Prefix: undefined });
    const folder = ExportManifest.replace("manifest-summary.json", "data/");
    expect(folder).toMatch(/^AWSDynamoDB\//);
    expect([...objects.keys()].filter((key) => key.startsWith(folder))).toHaveLength(4);
    expect(readLines(objects, folder)).toEqual([]);
  });

  it("of a time in the past holds the table of then", async () => {
    const { model, objects, finish } = makeWorld();
    model.apply({ key: "a", content: 1, seconds: 1_799_999_000 });
    model.apply({ key: "a", content: 2, seconds: 1_799_999_500 });
    const { ExportManifest = "" } = await finish({ ExportTime: 1_799_999_500 });
    const folder = ExportManifest.replace("manifest-summary.json", "data/");
    expect(readLines(objects, folder)).toEqual([JSON.stringify({ Item: toItem("a", 1) })]);
  });

  it("fails, and says why, when its bucket does not take it", async () => {
    const { finish } = makeWorld();
    const failed = await finish({ S3Bucket: "nowhere" });
    expect(failed).toMatchObject({ ExportStatus: "FAILED", FailureMessage: "NoSuchBucket" });
  });
});

describe("an incremental export", () => {
  it("lies in the folder that all exports of a prefix share, with its window in the summary", async () => {
    const { model, objects, finish } = makeWorld();
    model.apply({ key: "a", content: 1, seconds: 1_799_999_500 });
    const window = { ExportFromTime: 1_799_999_000, ExportToTime: 1_800_000_000 };
    const { ExportManifest = "", ExportTime } = await finish({
      ExportType: "INCREMENTAL_EXPORT",
      IncrementalExportSpecification: { ...window, ExportViewType: "NEW_IMAGE" },
    });
    expect(ExportTime).toBeUndefined();
    expect(readLines(objects, "exports/orders/AWSDynamoDB/data/")).toHaveLength(1);
    expect(JSON.parse(String(objects.get(ExportManifest)))).toMatchObject({
      version: "2023-08-01",
      exportFromTime: "2027-01-15T07:43:20.000Z",
      exportToTime: "2027-01-15T08:00:00.000Z",
      outputView: "NEW_IMAGE",
      exportType: "INCREMENTAL_EXPORT",
    });
  });
});

describe("a client token", () => {
  it("begins one export, however often and however fast it is sent", async () => {
    const { begin, exports } = makeWorld();
    const begun = await Promise.all([1, 2, 3].map(() => begin({ ClientToken: "once" })));
    expect(new Set(begun.map((one) => (isRefusal(one) ? "" : one.ExportArn))).size).toBe(1);
    expect(exports.all()).toHaveLength(1);
  });

  it("is refused for another export", async () => {
    const { begin } = makeWorld();
    await begin({ ClientToken: "once" });
    const other = await begin({ ClientToken: "once", S3Prefix: "elsewhere" });
    expect(other).toMatchObject({ kind: "refused", type: "ExportConflictException" });
  });

  it("that was refused may be used again", async () => {
    const { begin } = makeWorld();
    expect(await begin({ ClientToken: "t", ExportTime: 1 })).toMatchObject({ kind: "refused" });
    expect(await begin({ ClientToken: "t" })).toMatchObject({ ExportStatus: "IN_PROGRESS" });
  });
});

function md5Of(content: Buffer | string): string {
  return createHash("md5").update(content).digest("base64");
}
