import { SyncError } from "../../../core/errors.ts";
import { toReason } from "../to-reason.ts";
import type { ExportLayout } from "./export-layout.ts";
import type { ExportRequest } from "./export-request.ts";
import type { TableFacts } from "./table-facts.ts";
import type { WrittenExport } from "./write-export.ts";

/**
 * An export as `DescribeExport` tells of it. Times are epoch seconds.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportDescription.html
 */
export interface ExportDescription extends Omit<ExportRequest, "TableArn"> {
  readonly ExportArn: string;
  readonly ExportStatus: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly StartTime: number;
  readonly EndTime?: number;
  readonly TableArn: string;
  readonly TableId: string;
  readonly ExportManifest?: string;
  readonly ItemCount?: number;
  readonly BilledSizeBytes?: number;
  readonly FailureCode?: string;
  readonly FailureMessage?: string;
}

/**
 * An export that has just begun.
 *
 * A full export that names no time is of the whole second it is asked for in: whatever was committed before it was
 * asked for is in it.
 *
 * @param now - epoch milliseconds
 */
export function describeBegun(
  request: ExportRequest,
  table: TableFacts,
  exportId: string,
  now: number,
): ExportDescription {
  const full = { ExportTime: request.ExportTime ?? Math.floor(now / 1000) };
  return {
    ...request,
    ...(request.ExportType === "FULL_EXPORT" ? full : {}),
    ExportArn: `${table.arn}/export/${exportId}`,
    ExportStatus: "IN_PROGRESS",
    StartTime: now / 1000,
    TableArn: table.arn,
    TableId: table.id,
  };
}

/** An export whose data files are all there. */
export function describeCompleted(
  begun: ExportDescription,
  { itemCount, billedSizeBytes }: WrittenExport,
  layout: ExportLayout,
  now: number,
): ExportDescription {
  return {
    ...begun,
    ExportStatus: "COMPLETED",
    EndTime: now / 1000,
    ExportManifest: layout.summary,
    ItemCount: itemCount,
    BilledSizeBytes: billedSizeBytes,
  };
}

/** An export that came to nothing; what it wrote stays in the bucket. */
export function describeFailed(begun: ExportDescription, cause: unknown, now: number): ExportDescription {
  return {
    ...begun,
    ExportStatus: "FAILED",
    EndTime: now / 1000,
    FailureCode: cause instanceof SyncError ? cause.code : "UNKNOWN",
    FailureMessage: toReason(cause),
  };
}

/**
 * `manifest-summary.json` of an export that is completed.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html the example manifests
 */
export function toSummary(description: ExportDescription, layout: ExportLayout): object {
  const { IncrementalExportSpecification: window } = description;
  return {
    version: window === undefined ? "2020-06-30" : "2023-08-01",
    exportArn: description.ExportArn,
    startTime: toIso(description.StartTime),
    endTime: toIso(description.EndTime ?? 0),
    tableArn: description.TableArn,
    tableId: description.TableId,
    ...(window === undefined
      ? { exportTime: toIso(description.ExportTime ?? 0) }
      : { exportFromTime: toIso(window.ExportFromTime), exportToTime: toIso(window.ExportToTime) }),
    s3Bucket: description.S3Bucket,
    s3Prefix: description.S3Prefix ?? null,
    s3SseAlgorithm: description.S3SseAlgorithm ?? "AES256",
    s3SseKmsKeyId: description.S3SseKmsKeyId ?? null,
    manifestFilesS3Key: layout.files,
    billedSizeBytes: description.BilledSizeBytes,
    itemCount: description.ItemCount,
    outputFormat: description.ExportFormat,
    ...(window === undefined ? {} : { outputView: window.ExportViewType }),
    exportType: description.ExportType,
  };
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
