import { SyncError } from "./errors.ts";

/** The number OpenSearch compares on write (`version_type: external_gte`), 1 to 2^63-1. */
export type ExternalVersion = bigint & { readonly __brand: "ExternalVersion" };

/** The largest version OpenSearch stores: a signed 64-bit integer. */
export const MAX_EXTERNAL_VERSION = 2n ** 63n - 1n;

/**
 * The version of every row that comes from an export or a replica.
 *
 * Anything the stream says is newer, so a snapshot row never overwrites a change event,
 * provided the stream was anchored before the snapshot point.
 */
export const FLOOR_VERSION = 1n as ExternalVersion;

const MICROS_PER_SECOND = 1_000_000n;

/**
 * How many seconds a re-read's version lies behind its clock, so that a writer whose clock is
 * that much slower still wins over what the re-read saw.
 */
export const REREAD_MARGIN_SECONDS = 5;

/**
 * Checks that a number can be a version.
 *
 * @throws SyncError `POSITION_INVALID` when below 1 or past 2^63-1 (not retryable)
 */
export function toExternalVersion(value: bigint, subject: string): ExternalVersion {
  if (value >= 1n && value <= MAX_EXTERNAL_VERSION) return value as ExternalVersion;
  throw new SyncError("POSITION_INVALID", "version is outside 1..2^63-1", {
    subject: `${subject} ${value}`,
    fix: "check the source position this version was made from",
    retryable: false,
  });
}

/**
 * The version of a DynamoDB stream record: its whole second x 1,000,000.
 *
 * Two changes of one item in one second get the same version, which the fold marks `tied`.
 *
 * @param creationEpochSeconds - `ApproximateCreationDateTime`; fractions are dropped, because AWS promises none
 * @throws SyncError `POSITION_INVALID` when not a positive time (not retryable)
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function versionOfStreamSecond(creationEpochSeconds: number): ExternalVersion {
  const second = Number.isFinite(creationEpochSeconds) ? Math.floor(creationEpochSeconds) : 0;
  return toExternalVersion(BigInt(second) * MICROS_PER_SECOND, "dynamodb creation second");
}

/**
 * The version of a strongly consistent re-read of a DynamoDB item.
 *
 * It lies one below the version of any change made {@link REREAD_MARGIN_SECONDS} before the read began
 * or later, so that a change the read may not have seen always wins.
 *
 * @param readBeganEpochMillis - the reader's clock just before the read
 */
export function versionOfReread(readBeganEpochMillis: number): ExternalVersion {
  const second = BigInt(Math.floor(readBeganEpochMillis / 1000) - REREAD_MARGIN_SECONDS);
  return toExternalVersion(second * MICROS_PER_SECOND - 1n, "re-read at");
}
