/**
 * What the manifest's layout costs: `node bench/manifest.ts [changes]`.
 *
 * A segment is one PUT and holds what one invocation got acknowledged. How many changes that is follows from how fast a
 * table changes, so each row is a table of another pace. No network; compression and folding are the product's own.
 */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import Table from "cli-table3";
import { compactAll } from "../core/compact-segments.ts";
import { versionOfStreamSecond } from "../core/external-version.ts";
import type { Fingerprint } from "../core/fingerprint.ts";
import { encodeSegment } from "../core/manifest-codec.ts";
import type { ManifestEntry, ManifestSegment } from "../core/manifest-entry.ts";
import { MemoryObjects } from "../test/support/memory-objects.ts";

const CHANGES = Number(process.argv[2] ?? 200_000);
const MILLION = 1_000_000;
const CHANGES_A_SEGMENT = [1, 10, 75, 300, 1000];
/** US dollars a PUT and a GET in us-east-1 on 2026-11-23. @see https://aws.amazon.com/s3/pricing/ */
const PUT_DOLLARS = 0.005 / 1000;
const GET_DOLLARS = 0.0004 / 1000;
const FOLDER = "manifest/bench/uuid/";
const BUCKETS = 16;

const table = new Table({
  head: ["changes a segment", "PUTs", "MB", "$ writing", "$ folding", "MB folded", "s folding"],
  colAligns: ["right", "right", "right", "right", "right", "right", "right"],
  style: { head: [], border: [] },
});
for (const size of CHANGES_A_SEGMENT) table.push(await measure(size));
console.log(`The manifest of a million changes, measured over ${CHANGES.toLocaleString("en")}`);
console.log(table.toString());

async function measure(size: number): Promise<string[]> {
  const store = new MemoryObjects();
  let bytes = 0;
  for (let start = 0; start < CHANGES; start += size) {
    const text = encodeSegment(makeSegment(start, Math.min(size, CHANGES - start)));
    bytes += gzipSync(text, { level: 1 }).length;
    await store.writeText(
      `${FOLDER}segments/2026-11-25T10/${String(start).padStart(9, "0")}-stream-x.gz`,
      text,
    );
  }
  const began = process.cpuUsage();
  await compactAll({ store, folder: FOLDER, buckets: BUCKETS, newName: randomUUID }, () => true);
  const { user, system } = process.cpuUsage(began);
  const scale = MILLION / CHANGES;
  const puts = Math.ceil(CHANGES / size) * scale;
  const folded = [...store.objects].filter(([key]) => key.includes("/runs/"));
  const foldedBytes = folded.reduce((sum, [, { text }]) => sum + gzipSync(text, { level: 1 }).length, 0);
  return [
    size.toLocaleString("en"),
    Math.round(puts).toLocaleString("en"),
    ((bytes * scale) / MILLION).toFixed(0),
    (puts * PUT_DOLLARS).toFixed(3),
    (puts * GET_DOLLARS).toFixed(3),
    ((foldedBytes * scale) / MILLION).toFixed(0),
    (((user + system) / MILLION) * scale).toFixed(1),
  ];
}

function makeSegment(start: number, count: number): ManifestSegment {
  return {
    generation: "bench-custom-1",
    indexUuid: "uuid",
    transformHash: "identity",
    origin: "stream",
    positions: [{ shard: "shardId-1", sequence: String(start + count), time: 1_764_000_000_000 + start }],
    entries: Array.from({ length: count }, (_, place) => makeEntry(start + place)),
  };
}

function makeEntry(number: number): ManifestEntry {
  const id = randomUUID();
  return {
    id,
    recordId: id,
    version: versionOfStreamSecond(1_764_000_000 + Math.floor(number / 300)),
    fingerprint: randomUUID().replaceAll("-", "") as Fingerprint,
    state: "present",
    tied: false,
    seqNo: number,
    primaryTerm: 1,
    sourceTime: 1_764_000_000_000 + Math.floor(number / 300) * 1000,
    transformHash: "identity",
  };
}
