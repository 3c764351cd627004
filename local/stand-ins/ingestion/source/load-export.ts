import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import * as z from "zod";
import type { Item } from "../../dynamodb-streams.ts";
import type { ExportDescription } from "../../table-export/export-description.ts";
import { isRefusal, type Refusal } from "../../table-export/export-request.ts";
import { toReason } from "../../to-reason.ts";
import { makeAcknowledgementSet, NO_RECEIPT, type Receipt } from "../acknowledgement-set.ts";
import type { ExportOptions } from "../body/source-schema.ts";
import { type ConvertedRecord, convertExportItem } from "./convert-record.ts";
import type { SourceDeps, Stoppable } from "./source-deps.ts";

const decompress = promisify(gunzip);
const POLL_MILLIS = 200;
/** Data Prepper waits 10 min after an export that failed. */
const RETRY_MILLIS = 5_000;
const BATCH_LINES = 1_000;

const summarySchema = z.object({ exportTime: z.string(), manifestFilesS3Key: z.string() });
const fileSchema = z.object({ dataFileS3Key: z.string() });
const lineSchema = z.object({
  Item: z.custom<Item>((value) => typeof value === "object" && value !== null),
});

/**
 * Exports the table and loads the rows, one data file after the other; a file that not every sink took, or not in time, is
 * loaded again. An export that fails is asked for again.
 *
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/export/ExportScheduler.java`, `DataFileLoader.java`
 */
export async function loadExport(deps: SourceDeps, stop: Stoppable, options: ExportOptions): Promise<void> {
  const { state } = deps;
  while (!stop.isStopping() && state.exported !== "loaded") {
    try {
      const description = await completeExport(deps, stop, options);
      if (description !== undefined) await loadFiles(deps, stop, options, description);
    } catch (cause) {
      state.lastError = toReason(cause);
      await stop.pause(RETRY_MILLIS);
    }
  }
}

/** @returns undefined when the source is stopped meanwhile */
async function completeExport(
  { exports, state, table }: SourceDeps,
  stop: Stoppable,
  options: ExportOptions,
): Promise<ExportDescription | undefined> {
  if (state.exportArn === undefined) {
    const begun = await exports.begin(toRequest(table.arn, options));
    if (isRefusal(begun)) throw new Error(describeRefusal(begun));
    state.exportArn = begun.ExportArn;
    state.exported = "running";
  }
  while (!stop.isStopping()) {
    const description = exports.find(state.exportArn);
    if (description?.ExportStatus === "COMPLETED") return description;
    if (description?.ExportStatus !== "IN_PROGRESS") {
      state.exportArn = undefined;
      throw new Error(`the export failed: ${description?.FailureMessage ?? "nobody knows it"}`);
    }
    await stop.pause(POLL_MILLIS);
  }
  return undefined;
}

/** Not for a time, as Data Prepper asks: an export of now needs no images of the past. And not in ION. */
function toRequest(TableArn: string, options: ExportOptions) {
  const { s3_bucket: S3Bucket, s3_prefix: S3Prefix, s3_sse_kms_key_id: key } = options;
  return {
    TableArn,
    S3Bucket,
    ...(S3Prefix === undefined ? {} : { S3Prefix }),
    S3SseAlgorithm: key === undefined ? ("AES256" as const) : ("KMS" as const),
    ...(key === undefined ? {} : { S3SseKmsKeyId: key }),
    ExportFormat: "DYNAMODB_JSON" as const,
    ExportType: "FULL_EXPORT" as const,
  };
}

function describeRefusal({ type, message }: Refusal): string {
  return `the export was refused: ${type}: ${message}`;
}

async function loadFiles(
  deps: SourceDeps,
  stop: Stoppable,
  { s3_bucket: bucket }: ExportOptions,
  { ExportManifest = "" }: ExportDescription,
): Promise<void> {
  const { objects, state } = deps;
  state.exported = "loading";
  const readText = async (key: string) => Buffer.from(await objects.get(bucket, key)).toString();
  const summary = summarySchema.parse(JSON.parse(await readText(ExportManifest)));
  const files = toLines(await readText(summary.manifestFilesS3Key)).map(
    (line) => fileSchema.parse(JSON.parse(line)).dataFileS3Key,
  );
  const time = Date.parse(summary.exportTime);
  while (!stop.isStopping() && state.loadedFiles.size < files.length) {
    const settled: Promise<void>[] = [];
    for (const file of files.filter((key) => !state.loadedFiles.has(key))) {
      if (stop.isStopping()) return;
      settled.push((await loadFile(deps, stop, bucket, file, time)).settled);
    }
    await Promise.all(settled);
  }
  if (state.loadedFiles.size === files.length) state.exported = "loaded";
}

/** Hands a file's rows on. @returns `settled` when the sinks told what became of them, or it was waited long enough */
async function loadFile(
  deps: SourceDeps,
  stop: Stoppable,
  bucket: string,
  file: string,
  time: number,
): Promise<{ readonly settled: Promise<void> }> {
  const { objects, options, accept, state, controls } = deps;
  const told = Promise.withResolvers<boolean>();
  const set = makeAcknowledgementSet(told.resolve);
  const receipt: Receipt = options.acknowledgments ? set : NO_RECEIPT;
  const lines = toLines((await decompress(await objects.get(bucket, file))).toString());
  for (let start = 0; start < lines.length && !stop.isStopping(); start += BATCH_LINES) {
    while (controls.paused && !stop.isStopping()) await stop.pause(POLL_MILLIS);
    const events = lines.slice(start, start + BATCH_LINES).flatMap((line) => convertLine(deps, line, time));
    receipt.hold(events.length);
    await accept(events.map((converted) => ({ ...converted, receipt })));
  }
  set.complete();
  const late = stop.pause(options.s3_data_file_acknowledgment_timeout).then(() => false);
  const settled = Promise.race([told.promise, late]).then((taken) => {
    if (taken && !stop.isStopping()) state.loadedFiles.add(file);
  });
  return { settled };
}

/** A row that cannot be converted is left out. */
function convertLine({ table }: SourceDeps, line: string, time: number): readonly ConvertedRecord[] {
  const { Item: item } = lineSchema.parse(JSON.parse(line));
  try {
    return [convertExportItem(item, table, time)];
  } catch {
    return [];
  }
}

function toLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
