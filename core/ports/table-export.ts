/** An export of one table to be started. Times are epoch milliseconds. */
export interface ExportRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** The same token starts the same export. */
  readonly token: string;
  /** Changes between two instants instead of the whole table; 15 minutes to 24 hours apart. */
  readonly window?: { readonly from: number; readonly to: number };
}

export interface StartedExport {
  readonly exportArn: string;
  /** Epoch milliseconds: the table as of this instant, or the end of the window. */
  readonly exportTime: number;
}

export type ExportState =
  | { readonly state: "running" }
  | {
      readonly state: "done";
      /** Undefined where the export does not tell. */
      readonly items?: number;
      readonly billedBytes: number;
      /** Where rows are read one after the other, or at an instant nobody tells: when that began and ended, epoch milliseconds. */
      readonly read?: { readonly from: number; readonly until: number };
    }
  | { readonly state: "failed"; readonly cause: string };

/** One data file of a finished export. */
export interface ExportDataFile {
  readonly bucket: string;
  readonly key: string;
  /** Undefined where the export does not tell. */
  readonly items?: number;
  /** Of a Parquet file: the object of the same bucket that holds the table's columns. */
  readonly columnsKey?: string;
}

/**
 * Exports of one table to S3: gzipped files of lines `{"Item": …}`, as DynamoDB writes them, or Parquet.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
 */
export interface TableExport {
  /**
   * @returns an instant such that every change made before it is in the export. Later ones may be, record by record.
   * @throws SyncError `PREREQUISITE_MISSING` when point-in-time recovery is off (not retryable)
   * @throws SyncError `EXPORT_FAILED` when it cannot be started (retryable)
   */
  start(request: ExportRequest): Promise<StartedExport>;

  /**
   * Looks for the newest full export that somebody else asked for, by where it goes.
   *
   * @returns undefined when there is none. @throws SyncError `EXPORT_FAILED` (retryable)
   */
  find(prefix: string): Promise<StartedExport | undefined>;

  /**
   * Looks at an export. One that is ours to make goes on being made for as long as it may, and in the next look.
   *
   * @param mayGoOn - asked between files
   * @throws SyncError `EXPORT_FAILED` when its state cannot be told (retryable)
   */
  check(exportArn: string, mayGoOn: () => boolean): Promise<ExportState>;

  /** @returns the files in the order of the export's manifest. @throws SyncError `EXPORT_FAILED` (retryable) */
  files(exportArn: string): Promise<readonly ExportDataFile[]>;
}
