import { gzipSync } from "node:zlib";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { makeS3ExportFile } from "../adapters/s3-export-file.ts";
import { toDocumentText } from "../core/document.ts";
import { FLOOR_VERSION } from "../core/external-version.ts";
import { makeExportLineScanner } from "../core/scan-export-line.ts";
import { toBulkLines } from "../core/split-bulks.ts";
import { makeLoadFile } from "../fallback-consumer/load-file.ts";
import { DOCUMENTS_A_BULK, IN_FLIGHT, makeBenchGeneration, openBench } from "./bench-generation.ts";
import { countDocuments, makeBenchIndex } from "./bench-index.ts";
import { median, readBenchOptions } from "./bench-options.ts";
import { makeBenchRecords } from "./bench-records.ts";
import { runBulkCeiling } from "./bulk-ceiling.ts";

/**
 * Measures the bulk load, gzipped export file to acknowledged with its manifest put, against the bare bulk
 * ceiling: the same documents, bulks and concurrency in the same run, turn by turn.
 */
const options = readBenchOptions({ records: 100_000, rounds: 5 });
const index = "trueup-bench-backfill";
const key = "bench/backfill.json.gz";
const bench = await openBench(options);
const bodies = await prepare();

const rounds: { readonly ceiling: number; readonly load: number }[] = [];
for (let round = 0; round <= options.rounds; round += 1) {
  await makeBenchIndex(bench.connection, index);
  const ceiling =
    options.records / (await runBulkCeiling(options.search, `${index}-write`, bodies, IN_FLIGHT));
  const load = options.records / (await runLoad());
  if (round > 0) rounds.push({ ceiling, load });
}
const indexed = await countDocuments(bench.connection, index);
await bench.connection({ method: "DELETE", path: `/${index}` });
const format = (value: number): string => Math.round(value).toLocaleString("en").padStart(10);
console.log(`${options.records} records, ${indexed} indexed, ${options.rounds} rounds, median`);
console.log(`bare bulk ceiling ${format(median(rounds.map(({ ceiling }) => ceiling)))} documents/s`);
console.log(`bulk load         ${format(median(rounds.map(({ load }) => load)))} documents/s`);
const ratio = median(rounds.map(({ ceiling, load }) => load / ceiling));
console.log(`ratio             ${ratio.toFixed(2).padStart(10)} (wanted: 0.80 or more)`);
if (indexed !== options.records) process.exitCode = 1;

/** Puts the export file and builds the ceiling's bodies; the records themselves are not kept in memory. */
async function prepare(): Promise<readonly Buffer[]> {
  const records = makeBenchRecords(options.records);
  const lines = records.map((record) => `${JSON.stringify({ Item: record })}\n`);
  await bench.s3.send(
    new PutObjectCommand({ Bucket: bench.bucket, Key: key, Body: gzipSync(lines.join("")) }),
  );
  const built: Buffer[] = [];
  for (let start = 0; start < records.length; start += DOCUMENTS_A_BULK) {
    const bulk = records.slice(start, start + DOCUMENTS_A_BULK).map((record) => {
      const id = record["id"] !== undefined && "S" in record["id"] ? record["id"].S : "";
      return toBulkLines({ id, version: FLOOR_VERSION, source: toDocumentText(record) });
    });
    built.push(Buffer.from(bulk.join("")));
  }
  return built;
}

/** @returns seconds */
async function runLoad(): Promise<number> {
  const deps = await makeBenchGeneration(bench, index);
  const load = makeLoadFile({
    ...deps,
    file: makeS3ExportFile(bench.s3),
    scan: makeExportLineScanner(deps.generation.key),
  });
  const exportTime = new Date().toISOString();
  const began = performance.now();
  const answer = await load({ bucket: bench.bucket, key, exportTime, fromLine: 0 }, Date.now() + 600_000);
  if (answer.state !== "done") throw new Error("the load did not finish");
  return (performance.now() - began) / 1000;
}
