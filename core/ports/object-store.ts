/** One object of a listing. */
export interface StoredObject {
  readonly key: string;
  /** As stored, compressed. */
  readonly bytes: number;
}

/**
 * The environment's state bucket, as the manifest and the audit use it.
 *
 * Text under a key that ends in `.gz` is compressed by the store. Reads are strongly consistent.
 * Every call may throw SyncError `ENGINE_FAILED` (retryable) when the store does not answer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export interface ObjectStore {
  /** @returns undefined when there is no such object */
  readText(key: string): Promise<string | undefined>;

  writeText(key: string, text: string): Promise<void>;

  /**
   * Writes texts as one object, each compressed by itself.
   *
   * @returns where each begins, in bytes, and where the last one ends: one number more than texts
   */
  writeParts(key: string, texts: readonly string[]): Promise<readonly number[]>;

  /**
   * Reads one text of an object that {@link writeParts} wrote.
   *
   * @param start - its first byte
   * @param end - the byte after its last
   * @returns undefined when there is no such object
   */
  readPart(key: string, start: number, end: number): Promise<string | undefined>;

  /** Reads a text with the tag a conditional {@link replace} needs. */
  readTagged(key: string): Promise<{ readonly text: string; readonly tag: string } | undefined>;

  /**
   * Writes a text if nobody did since.
   *
   * @param tag - of the text it replaces; undefined = there must be none
   * @returns false when somebody was faster; also when an answer was lost and the write did happen
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  replace(key: string, text: string, tag: string | undefined): Promise<boolean>;

  /** @returns objects in the order of their keys, at most `limit` */
  list(prefix: string, limit: number): Promise<readonly StoredObject[]>;

  /** Removing what is not there succeeds. */
  remove(keys: readonly string[]): Promise<void>;
}
