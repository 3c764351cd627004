import { admitExport } from "../../../../local/stand-ins/table-export/admit-export.ts";
import { isRefusal, parseExportRequest } from "../../../../local/stand-ins/table-export/export-request.ts";
import type { TableFacts } from "../../../../local/stand-ins/table-export/table-facts.ts";

const NOW = 1_800_000_000;
const TABLE: TableFacts = {
  name: "orders",
  arn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
  id: "id",
  keyNames: ["id"],
  pointInTimeRecovery: true,
  history: { streamArn: "stream", knownSinceSeconds: Number.NEGATIVE_INFINITY },
};
const ASKED = { TableArn: TABLE.arn, S3Bucket: "bucket" };

function refusalOf(input: object, table: TableFacts | "absent" = TABLE): string | undefined {
  const request = parseExportRequest({ ...ASKED, ...input });
  if (isRefusal(request)) return request.type;
  const admitted = admitExport(request, table === "absent" ? undefined : table, NOW * 1000);
  return isRefusal(admitted) ? admitted.type : undefined;
}

function incremental(from: number, to: number) {
  const IncrementalExportSpecification = { ExportFromTime: NOW + from, ExportToTime: NOW + to };
  return { ExportType: "INCREMENTAL_EXPORT", IncrementalExportSpecification };
}

describe("a request to export", () => {
  it.each([
    ["of a table that is not there", () => refusalOf({}, "absent"), "TableNotFoundException"],
    [
      "without point-in-time recovery",
      () => refusalOf({}, { ...TABLE, pointInTimeRecovery: false }),
      "PointInTimeRecoveryUnavailableException",
    ],
    ["as ION", () => refusalOf({ ExportFormat: "ION" }), "ValidationException"],
    ["without a bucket", () => refusalOf({ S3Bucket: undefined }), "ValidationException"],
    ["with a member nobody knows", () => refusalOf({ ExportKind: "FULL" }), "ValidationException"],
    ["of a time in the future", () => refusalOf({ ExportTime: NOW + 1 }), "InvalidExportTimeException"],
    ["of over a day ago", () => refusalOf({ ExportTime: NOW - 86_401 }), "InvalidExportTimeException"],
    [
      "of before the stream began",
      () =>
        refusalOf(
          { ExportTime: NOW - 61 },
          { ...TABLE, history: { streamArn: "s", knownSinceSeconds: NOW - 60 } },
        ),
      "InvalidExportTimeException",
    ],
    [
      "of the past of a table without stream",
      () => refusalOf({ ExportTime: NOW - 1 }, { ...TABLE, history: undefined }),
      "InvalidExportTimeException",
    ],
    ["of under 15 minutes", () => refusalOf(incremental(-899, 0)), "ValidationException"],
    ["of over 24 hours", () => refusalOf(incremental(-86_401, 0)), "ValidationException"],
    ["of changes until the future", () => refusalOf(incremental(-900, 1)), "InvalidExportTimeException"],
    [
      "of changes without a window",
      () => refusalOf({ ExportType: "INCREMENTAL_EXPORT" }),
      "ValidationException",
    ],
    [
      "of everything with a window",
      () => refusalOf({ ...incremental(-900, 0), ExportType: "FULL_EXPORT" }),
      "ValidationException",
    ],
    [
      "of changes of a table without stream",
      () => refusalOf(incremental(-900, 0), { ...TABLE, history: undefined }),
      "InvalidExportTimeException",
    ],
  ])("%s is refused", (_, ask, type) => {
    expect(ask()).toBe(type);
  });

  it.each([
    ["of now", {}],
    ["of now, of a table without stream", {}, { ...TABLE, history: undefined }],
    ["of a time in the last day", { ExportTime: NOW - 86_400 }],
    ["of 15 minutes of changes", incremental(-900, 0)],
    ["of 24 hours of changes", incremental(-86_400, 0)],
  ])("%s is taken", (_, input, table: TableFacts = TABLE) => {
    expect(refusalOf(input, table)).toBeUndefined();
  });
});
