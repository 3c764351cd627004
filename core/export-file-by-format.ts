import type { ExportFile } from "./ports/export-file.ts";

/** Reads a file by what it is: Parquet of a cluster's export by its name, everything else as gzipped lines. */
export function makeExportFileByFormat(lines: ExportFile, parquet: ExportFile): ExportFile {
  return {
    readBlocks: (place, fromLine) =>
      (place.key.endsWith(".parquet") ? parquet : lines).readBlocks(place, fromLine),
  };
}
