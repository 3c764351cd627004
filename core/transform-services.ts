import type { PlainRecord, PlainValue } from "./document.ts";

/** One source record, as a transform sees it. */
export interface SourceRecord {
  /** Names the record in the source; its document's id unless the transform says otherwise. */
  readonly recordId: string;
  readonly item: PlainRecord;
}

/** What a transform may use. */
export interface TransformServices {
  /** The platform's `fetch`, aborted when the transform's time is over. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Reads records of any DynamoDB table the function's role may read, strongly consistent, in the order asked.
   *
   * @param keys - plain key values, at most 1,000
   * @returns undefined for a key that has no record
   */
  readonly lookup: (
    tableName: string,
    keys: readonly Readonly<Record<string, string | number | bigint>>[],
  ) => Promise<readonly (PlainRecord | undefined)[]>;
  readonly log: {
    readonly info: (message: string, fields?: Readonly<Record<string, PlainValue>>) => void;
    readonly warn: (message: string, fields?: Readonly<Record<string, PlainValue>>) => void;
  };
  /**
   * The secrets the generation declares (`transformSecrets`), by name: each one's text, as Secrets Manager holds it.
   * Read when the function starts and again every few minutes, so that a rotated one is seen.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the stack file declares for this environment (`transformConfiguration`). Another value is another transform. */
  readonly configuration: TransformConfiguration;
}

/** Plain JSON values by name. */
export type TransformConfiguration = Readonly<Record<string, unknown>>;
