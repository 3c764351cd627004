import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { makeOpenSearchInspector } from "../../adapters/opensearch-inspector.ts";
import { makeS3ControlStore } from "../../adapters/s3-control-store.ts";
import { makeS3ManifestAppender } from "../../adapters/s3-manifest-appender.ts";
import { makeS3ObjectStore } from "../../adapters/s3-object-store.ts";
import type { DocumentRow } from "../../core/audit-rows.ts";
import { compactBases } from "../../core/compact-bases.ts";
import { compactAll, type ManifestPlace } from "../../core/compact-segments.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { addToFold } from "../../core/manifest-fold.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { shardOfDocument } from "../../core/shard-of-document.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { makeEntry } from "../support/manifest-entries.ts";

const SEARCH = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const AWS = process.env["TRUEUP_TEST_AWS"] ?? "";

const s3 = new S3Client({
  endpoint: AWS,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const bucket = `audit-test-${randomUUID()}`;
const index = `audit-test-${randomUUID()}`;
const connection = makeSearchConnection({ endpoint: SEARCH, authentication: { kind: "none" } }, () => {
  throw new Error("no credentials are needed");
});
const inspector = makeOpenSearchInspector(connection);

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const settings = { number_of_shards: 3, number_of_routing_shards: 768, number_of_replicas: 0 };
  const made = await connection({ method: "PUT", path: `/${index}`, body: JSON.stringify({ settings }) });
  expect(made.status).toBe(200);
});

afterAll(async () => {
  await connection({ method: "DELETE", path: `/${index}` });
});

describe("the manifest in S3", () => {
  it("loses nothing to two compactors and a writer at once", async () => {
    const store = makeS3ObjectStore(s3, bucket);
    const appender = makeS3ManifestAppender(s3, bucket, Date.now);
    const place = (): ManifestPlace => ({
      store,
      folder: stateLayout.manifest("g", "u"),
      buckets: 8,
      newName: randomUUID,
    });
    const write = async () => {
      for (let seqNo = 0; seqNo < 60; seqNo += 1) {
        const entries = [makeEntry({ id: `id${seqNo % 25}`, seqNo, version: seqNo + 1 })];
        await appender.append({
          generation: "g",
          indexUuid: "u",
          transformHash: "identity",
          origin: "stream",
          positions: [],
          entries,
        });
      }
    };
    const compact = async () => {
      for (let round = 0; round < 8; round += 1) {
        await compactAll(place(), () => true);
        await compactBases(place(), 0, () => true);
      }
    };
    await Promise.all([write(), compact(), compact()]);
    await compactAll(place(), () => true);
    const folded = new Map<string, ManifestEntry>();
    for (let part = 0; part < 8; part += 1) {
      for (const entry of await readBucket(store, place().folder, 8, part)) addToFold(folded, entry);
    }
    expect([...folded.values()].map(({ seqNo }) => seqNo).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, offset) => 35 + offset),
    );
    expect(await store.list(`${place().folder}segments/`, 10)).toEqual([]);
  });

  it("changes a control record from many sides without losing a change", async () => {
    const control = makeS3ControlStore(makeS3ObjectStore(s3, bucket));
    const names = Array.from({ length: 5 }, (_, number) => `pin${number}`);
    await Promise.all(
      names.map((name) =>
        control.update("orders", (known) => ({ ...known, pinned: `${known.pinned ?? ""}${name}` })),
      ),
    );
    const { pinned = "" } = await control.read("orders");
    expect(names.every((name) => pinned.includes(name))).toBe(true);
  });
});

describe("a real index", () => {
  it("puts every id on the shard we compute, and lists it with the version and number of its write", async () => {
    const ids = fc.sample(
      fc.oneof(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
        fc.uuid(),
      ),
      { numRuns: 600, seed: 7 },
    );
    const distinct = [...new Set(ids)].filter((id) => !/^\s*$/.test(id) && Buffer.byteLength(id) <= 512);
    const version = 9_223_372_036_854_775_000n;
    const lines = distinct.map(
      (id) =>
        `${JSON.stringify({ index: { _id: id, version: 1, version_type: "external_gte" } }).replace('"version":1', `"version":${version}`)}\n{"a":1}\n`,
    );
    const bulk = await connection({
      method: "POST",
      path: `/${index}/_bulk`,
      body: lines.join(""),
      contentType: "application/x-ndjson",
    });
    const acknowledged: { items: { index: { _id: string; _seq_no: number } }[] } = JSON.parse(bulk.text);
    await inspector.refresh(index);
    const seen = await inspector.observe(index);
    if (seen === undefined) throw new Error("no index");
    expect(seen.routing).toEqual({ shards: 3, routingShards: 768 });
    const rows: DocumentRow[] = [];
    for (const { shard, checkpoint } of seen.shards) {
      const { name, count } = await inspector.openShard(index, shard, { above: -1, through: checkpoint });
      const before = rows.length;
      for await (const page of inspector.list(name, shard, { aboveSeqNo: -1, documents: 0 }, 0))
        rows.push(...page);
      expect(count).toBe(rows.length - before);
      await inspector.closeShard(name);
    }
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(byId.size).toBe(distinct.length);
    for (const {
      index: { _id, _seq_no },
    } of acknowledged.items) {
      expect(byId.get(_id)).toMatchObject({
        shard: shardOfDocument(_id, seen.routing),
        version: String(version),
        seqNo: _seq_no,
      });
    }
  });

  it("H12: purges a tombstone only while the index holds that very write", async () => {
    const put = async (id: string) => {
      const path = `/${index}/_doc/${id}`;
      const { text } = await connection({
        method: "PUT",
        path,
        query: "version=5&version_type=external_gte",
        body: "{}",
      });
      const answer: { _seq_no: number; _primary_term: number } = JSON.parse(text);
      return { id, seqNo: answer._seq_no, primaryTerm: answer._primary_term };
    };
    const [kept, gone] = [await put("kept"), await put("gone")];
    await put("kept");
    const [first, second] = await inspector.purge(index, [kept, gone]);
    expect(first).toBeUndefined();
    expect(second?.primaryTerm).toBe(gone.primaryTerm);
    const live = await inspector.readLive(index, ["kept", "gone"]);
    expect(live.map((document) => document?.version)).toEqual(["5", undefined]);
  });

  it("knows no index of a name nobody made", async () => {
    expect(await inspector.observe(`${index}-absent`)).toBeUndefined();
  });
});
