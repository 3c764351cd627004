import type { TableExport } from "./ports/table-export.ts";

/**
 * Exports of a table whose cluster can export itself: a Parquet file does not tell values as Data Prepper sends them, so rows
 * that are wanted in that form are queried.
 *
 * @param cluster - names its exports by ARNs
 * @param queried - names its exports by places in the bucket
 */
export function makeExportByForm(cluster: TableExport, queried: TableExport): TableExport {
  const of = (exportArn: string) => (exportArn.startsWith("arn:") ? cluster : queried);
  return {
    start: (request) => (request.form === "sent" ? queried : cluster).start(request),
    find: (prefix) => cluster.find(prefix),
    check: (exportArn, mayGoOn) => of(exportArn).check(exportArn, mayGoOn),
    files: (exportArn) => of(exportArn).files(exportArn),
  };
}
