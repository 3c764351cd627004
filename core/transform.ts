import type { PlainRecord, PlainValue } from "./document.ts";

/** One source record, as a transform sees it. */
export interface SourceRecord {
  /** Names the record in the source; its document's id unless the transform says otherwise. */
  readonly recordId: string;
  readonly item: PlainRecord;
}

/** A document of its own id, for records that become several. */
export interface NamedDocument {
  /** At most 512 bytes of UTF-8, unique over the whole index. */
  readonly id: string;
  readonly document: object;
}

/** What becomes of one record: its document, several, or none (`null`: the record is not searchable). */
export type TransformResult = object | readonly NamedDocument[] | null;

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
}

/** A user's transform. */
export interface UserTransform {
  readonly kind: "user";
  /**
   * `one`: never several documents of a record, so old images need not be transformed.
   * `any`: old images are transformed too, so that documents a record no longer makes can be removed.
   */
  readonly documents: "one" | "any";
  /** The longest one call may take. */
  readonly timeoutMillis: number;
  readonly transform: TransformFunction;
}

/** Batch-first: one result a record, in the order given. Must depend on nothing but the record and what it looks up. */
export type TransformFunction = (
  records: readonly SourceRecord[],
  services: TransformServices,
) => Promise<readonly TransformResult[]> | readonly TransformResult[];

/** What a generation makes its documents with; `identity` has a path without any parsing. */
export type Transform = UserTransform | { readonly kind: "identity" };

/**
 * Declares how records become documents. The module's default export.
 *
 * @example
 * ```ts
 * export default defineTransform({
 *   async transform(records) {
 *     return records.map(({ item }) => ({ ...item, hasEmail: "email" in item }));
 *   },
 * });
 * ```
 */
export function defineTransform(declaration: {
  readonly transform: TransformFunction;
  /** @default "any" */
  readonly documents?: "one" | "any";
  /** @default 10000 */
  readonly timeoutMillis?: number;
}): UserTransform {
  return { kind: "user", documents: "any", timeoutMillis: 10_000, ...declaration };
}
