import type { DataFile } from "./data-files.ts";

/** Where the objects of one export lie in its bucket. */
export interface ExportLayout {
  readonly started: string;
  readonly summary: string;
  readonly files: string;
  readonly dataFolder: string;
}

/**
 * Names the objects of an export.
 *
 * Data files of incremental exports lie in one folder that all of a prefix share. The developer guide calls the
 * checksum files `.checksum`; what AWS writes is named `.md5`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function toLayout(prefix: string | undefined, exportId: string, incremental: boolean): ExportLayout {
  const shared = `${prefix === undefined || prefix === "" ? "" : `${prefix}/`}AWSDynamoDB/`;
  const own = `${shared}${exportId}/`;
  return {
    started: `${own}_started`,
    summary: `${own}manifest-summary.json`,
    files: `${own}manifest-files.json`,
    dataFolder: `${incremental ? shared : own}data/`,
  };
}

/** Where a manifest's checksum lies. */
export function toChecksumKey(manifest: string): string {
  return manifest.replace(/\.json$/, ".md5");
}

/** `manifest-files.json`: a JSON object a line. */
export function toFilesManifest(files: readonly DataFile[]): string {
  return files.map((file) => `${JSON.stringify(file)}\n`).join("");
}
