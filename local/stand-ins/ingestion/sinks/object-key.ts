/** What an object of the `s3` sink is named by. */
export interface ObjectKeyParts {
  readonly pathPrefix: string;
  readonly namePrefix: string;
  /** `ndjson`, or `ndjson.gz`. */
  readonly extension: string;
}

/**
 * Names an object: `<path prefix>/events-2026-11-25T12-30-00Z-<epoch nanoseconds>-<uuid>.ndjson.gz`.
 *
 * @param now - epoch milliseconds
 * @see https://github.com/opensearch-project/data-prepper `common/…/s3keyindex/S3ObjectIndexUtility.java` getObjectNameWithDateTimeId, `s3-sink/…/accumulator/ObjectKey.java`
 */
export function toObjectKey(
  { pathPrefix, namePrefix, extension }: ObjectKeyParts,
  now: number,
  uuid: string,
): string {
  const second = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
  return `${toFolder(pathPrefix)}${namePrefix}-${second}Z-${BigInt(now) * 1_000_000n}-${uuid}.${extension}`;
}

function toFolder(pathPrefix: string): string {
  const bare = pathPrefix.replace(/\/+$/, "");
  return bare === "" ? "" : `${bare}/`;
}

/** When an object is written. */
export interface ObjectThreshold {
  /** 0: no limit. */
  readonly eventCount: number;
  readonly maximumBytes: number;
  readonly collectMillis: number;
}

/**
 * Whether what was gathered is written now.
 *
 * @param bytes - as they will be in the bucket: compressed, as far as the compression has let them go
 * @see https://github.com/opensearch-project/data-prepper `s3-sink/…/ThresholdCheck.java`
 */
export function isObjectDue(
  { eventCount, maximumBytes, collectMillis }: ObjectThreshold,
  gathered: { readonly events: number; readonly bytes: number; readonly ageMillis: number },
): boolean {
  const full = eventCount > 0 && gathered.events + 1 > eventCount;
  return full || gathered.ageMillis > collectMillis || gathered.bytes > maximumBytes;
}
