import type { LineBlock } from "../line-block.ts";

export interface ExportFile {
  /**
   * Streams one data file of an export, blocks of lines at a time. The bytes are valid UTF-8.
   *
   * @param fromLine - lines before it are skipped; the first is 0
   * @throws SyncError `EXPORT_FAILED` when the file cannot be read or is cut short (retryable)
   */
  readBlocks(
    file: { readonly bucket: string; readonly key: string },
    fromLine: number,
  ): AsyncIterable<LineBlock>;
}
