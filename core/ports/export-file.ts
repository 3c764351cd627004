import type { LineBlock } from "../line-block.ts";

/** Where one data file of an export lies. */
export interface ExportFilePlace {
  readonly bucket: string;
  readonly key: string;
  /** Of a Parquet file: where its table's columns lie. */
  readonly columnsKey?: string | undefined;
}

export interface ExportFile {
  /**
   * Streams one data file of an export, blocks of lines at a time. The bytes are valid UTF-8. A row of a Parquet file is a
   * line too, `{"Item": …}`.
   *
   * @param fromLine - lines before it are skipped; the first is 0
   * @throws SyncError `EXPORT_FAILED` when the file cannot be read or is cut short (retryable)
   */
  readBlocks(file: ExportFilePlace, fromLine: number): AsyncIterable<LineBlock>;
}
