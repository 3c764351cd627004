import {
  DescribeExportCommand,
  type DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  PointInTimeRecoveryUnavailableException,
  paginateListExports,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { ExportDataFile, ExportRequest, ExportState, TableExport } from "../core/ports/table-export.ts";

/** Reads an object of the export's bucket; undefined when there is none. */
export type ReadExportObject = (bucket: string, key: string) => Promise<string | undefined>;

const summarySchema = z.object({ manifestFilesS3Key: z.string() });
const fileSchema = z.object({ itemCount: z.number(), dataFileS3Key: z.string() });

/**
 * Point-in-time exports of a DynamoDB table. They use no read capacity.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function makeDynamoDbExport(
  client: DynamoDBClient,
  tableArn: string,
  readObject: ReadExportObject,
): TableExport {
  const describe = async (exportArn: string): Promise<ExportDescription> => {
    try {
      const { ExportDescription: description } = await client.send(
        new DescribeExportCommand({ ExportArn: exportArn }),
      );
      return description ?? {};
    } catch (cause) {
      throw failed("an export's state cannot be told", exportArn, cause);
    }
  };
  return {
    start: (request) => start(client, tableArn, request),
    find: async (prefix) => {
      for (const exportArn of await listExports(client, tableArn)) {
        const { S3Prefix, ExportTime } = await describe(exportArn);
        const isIt = S3Prefix?.replace(/\/$/, "") === prefix && ExportTime !== undefined;
        if (isIt) return { exportArn, exportTime: ExportTime.getTime() };
      }
      return undefined;
    },
    check: async (exportArn) => toState(await describe(exportArn)),
    files: async (exportArn) => {
      const { S3Bucket: bucket = "", ExportManifest: manifest = "" } = await describe(exportArn);
      const summary = await readJson(readObject, bucket, manifest);
      const filesKey = summarySchema.parse(JSON.parse(summary)).manifestFilesS3Key;
      const lines = (await readJson(readObject, bucket, filesKey)).split("\n").filter((line) => line !== "");
      return lines.map((line) => toDataFile(bucket, line));
    },
  };
}

/** The table's full exports, newest first: their names begin with the time. */
async function listExports(client: DynamoDBClient, tableArn: string): Promise<readonly string[]> {
  try {
    const arns: string[] = [];
    for await (const { ExportSummaries = [] } of paginateListExports({ client }, { TableArn: tableArn })) {
      const full = ExportSummaries.filter(({ ExportType }) => ExportType !== "INCREMENTAL_EXPORT");
      arns.push(...full.map(({ ExportArn = "" }) => ExportArn));
    }
    return arns.toSorted().toReversed();
  } catch (cause) {
    throw failed("a table's exports cannot be listed", tableArn, cause);
  }
}

async function start(client: DynamoDBClient, tableArn: string, request: ExportRequest) {
  const { bucket, prefix, token, window } = request;
  try {
    const { ExportDescription: description } = await client.send(
      new ExportTableToPointInTimeCommand({
        TableArn: tableArn,
        S3Bucket: bucket,
        S3Prefix: prefix,
        ClientToken: token,
        ExportFormat: "DYNAMODB_JSON",
        ...(window === undefined ? { ExportType: "FULL_EXPORT" } : incremental(window)),
      }),
    );
    const exportTime = window?.to ?? description?.ExportTime?.getTime();
    if (description?.ExportArn === undefined || exportTime === undefined) throw new RangeError("no export");
    return { exportArn: description.ExportArn, exportTime };
  } catch (cause) {
    if (!(cause instanceof PointInTimeRecoveryUnavailableException)) {
      throw failed("an export cannot be started", tableArn, cause);
    }
    throw new SyncError("PREREQUISITE_MISSING", "the table has no point-in-time recovery", {
      subject: tableArn,
      fix: "switch point-in-time recovery on for the table",
      retryable: false,
      cause,
    });
  }
}

function incremental({ from, to }: { readonly from: number; readonly to: number }) {
  return {
    ExportType: "INCREMENTAL_EXPORT",
    IncrementalExportSpecification: {
      ExportFromTime: new Date(from),
      ExportToTime: new Date(to),
      ExportViewType: "NEW_IMAGE",
    },
  } as const;
}

function toState(description: ExportDescription): ExportState {
  const { ExportStatus: status, ItemCount: items = 0, BilledSizeBytes: billedBytes = 0 } = description;
  if (status === "COMPLETED") return { state: "done", items, billedBytes };
  if (status !== "FAILED") return { state: "running" };
  return {
    state: "failed",
    cause: `${description.FailureCode ?? ""} ${description.FailureMessage ?? ""}`.trim(),
  };
}

function toDataFile(bucket: string, line: string): ExportDataFile {
  const { itemCount, dataFileS3Key } = fileSchema.parse(JSON.parse(line));
  return { bucket, key: dataFileS3Key, items: itemCount };
}

async function readJson(readObject: ReadExportObject, bucket: string, key: string): Promise<string> {
  const text = await readObject(bucket, key);
  if (text !== undefined) return text;
  throw failed("an export's manifest is not there", `${bucket}/${key}`, undefined);
}

function failed(what: string, subject: string, cause: unknown): SyncError {
  return new SyncError("EXPORT_FAILED", what, {
    subject: `${subject}, ${cause instanceof Error ? `${cause.name}: ${cause.message}` : "no reason given"}`,
    fix: "check the function's rights on table and bucket, and that no more than 300 exports run at once",
    retryable: true,
    cause,
  });
}
