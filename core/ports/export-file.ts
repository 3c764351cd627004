export interface ExportFile {
  /**
   * Streams one data file of an export, a line an item of the answer, blocks of lines at a time.
   *
   * @param fromLine - lines before it are skipped; the first is 0
   * @throws SyncError `EXPORT_FAILED` when the file cannot be read or is cut short (retryable)
   */
  readBlocks(
    file: { readonly bucket: string; readonly key: string },
    fromLine: number,
  ): AsyncIterable<readonly string[]>;
}
