/**
 * Speed and memory of the audit's own work: `node bench/audit.ts [ids]`.
 *
 * Fingerprints: parsing export lines and digesting them. Compare: reading digests and manifest of one bucket
 * after another, folding, joining. One core, no network; the store is memory without compression.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decodeRecordRow, encodeRecordRow } from "../core/audit-rows.ts";
import { bucketOf } from "../core/bucket.ts";
import { linesOf } from "../core/bucketed-object.ts";
import { compareRecords } from "../core/compare-records.ts";
import { toDocumentId } from "../core/document-id.ts";
import { fingerprintExportLine } from "../core/export-fingerprint.ts";
import { toExternalVersion } from "../core/external-version.ts";
import type { Fingerprint } from "../core/fingerprint.ts";
import { foldEntries } from "../core/manifest-fold.ts";
import { decodePart, encodePart } from "../core/manifest-run.ts";
import { rulesOf } from "../core/mode-rules.ts";

const KEY = { partitionKey: { name: "id", type: "S" } } as const;
const VERSION = toExternalVersion(1_764_000_000_000_000n, "bench");
const RECORDS = 300_000;
const IDS = Number(process.argv[2] ?? 10_000_000);
const IDS_A_BUCKET = 40_000;

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** Processor seconds of this process, so that others on the machine do not count. */
function seconds(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000;
}

function benchFingerprints(): number {
  const lines = Array.from({ length: RECORDS }, (_, number) => exportLine(number));
  const took = seconds(() => {
    for (const line of lines) encodeRecordRow(fingerprintExportLine(line, KEY, rulesOf("custom")));
  });
  return RECORDS / took;
}

function exportLine(number: number): string {
  const item = {
    id: { S: `city-${number}` },
    name: { S: `Name of place ${number}` },
    country: { S: "FR" },
    population: { N: String(number * 7) },
    location: { M: { lat: { N: "48.8534" }, lon: { N: "2.3488" } } },
    tags: { SS: ["capital", "river"] },
    active: { BOOL: true },
  };
  return JSON.stringify({ Item: item });
}

function toFingerprint(number: number): Fingerprint {
  return number.toString(16).padStart(32, "0") as Fingerprint;
}

/** A text as a store gives it, decoded from bytes: one that was put together of others is slower to read. */
function stored(text: string): string {
  return Buffer.from(text).toString();
}

/** One bucket's texts, made anew for each so that only one bucket is ever held. */
function makeBucket(bucket: number): { readonly rows: string; readonly manifest: string } {
  const numbers = Array.from({ length: IDS_A_BUCKET }, (_, offset) => bucket * IDS_A_BUCKET + offset);
  const rows = numbers.map((number) =>
    encodeRecordRow({ recordId: `city-${number}`, fingerprint: toFingerprint(number) }),
  );
  const entries = numbers.map((number) => ({
    id: `city-${number}`,
    recordId: `city-${number}`,
    version: VERSION,
    fingerprint: toFingerprint(number),
    state: "present" as const,
    tied: false,
    seqNo: number,
    primaryTerm: 1,
    sourceTime: 1_764_000_000_000,
    transformHash: "identity",
  }));
  return { rows: stored(`${rows.join("\n")}\n`), manifest: stored(encodePart(entries)) };
}

function compareOne({ rows, manifest }: { readonly rows: string; readonly manifest: string }): number {
  const records = linesOf(rows).map(decodeRecordRow);
  const latest = foldEntries(decodePart(manifest));
  const rules = {
    kind: "full",
    exportTime: 1_764_000_100_000,
    transformHash: "identity",
    toDocumentId,
  } as const;
  return compareRecords(records, latest.values(), rules).findings.length;
}

function benchCompare(): { readonly perSecond: number; readonly megabytes: number } {
  const buckets = Math.ceil(IDS / IDS_A_BUCKET);
  let took = 0;
  let largest = 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const texts = makeBucket(bucket);
    // What making the texts left behind is not the audit's to clear away.
    if (typeof collectGarbage === "function") collectGarbage();
    took += seconds(() => {
      if (compareOne(texts) !== 0) throw new Error("the comparison found drift where there is none");
    });
    largest = Math.max(largest, process.memoryUsage.rss());
  }
  return { perSecond: (buckets * IDS_A_BUCKET) / took, megabytes: largest / 1024 ** 2 };
}

benchFingerprints();
const fingerprints = benchFingerprints();
const baselineLines = Array.from({ length: RECORDS }, (_, number) => exportLine(number));
const baseline =
  RECORDS /
  seconds(() => {
    for (const line of baselineLines) JSON.parse(line);
  });
const compare = benchCompare();
const hashes =
  1_000_000 /
  seconds(() => {
    for (let number = 0; number < 1_000_000; number += 1) bucketOf(`city-${number}`, 256);
  });
console.log(
  JSON.stringify(
    {
      fingerprintsPerSecond: Math.round(fingerprints),
      fingerprintsToBareJsonParse: Number((fingerprints / baseline).toFixed(2)),
      compareIdsPerSecond: Math.round(compare.perSecond),
      ids: IDS,
      largestMegabytes: Math.round(compare.megabytes),
      bucketHashesPerSecond: Math.round(hashes),
    },
    null,
    2,
  ),
);
