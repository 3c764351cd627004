/** No database's log grows this much while a re-read is on its way: a tebibyte. */
const MOST_LOG_BYTES = 1n << 40n;

/**
 * Whether the version that won over a re-read may be a change that was made since: then its consumer may only not have
 * told the manifest yet. A version far beyond the log's end is somebody else's.
 *
 * @param winner - undefined: the document vanished meanwhile
 * @param version - of the re-read: where the log ended then
 */
export function isYoungPosition(winner: bigint | undefined, version: bigint): boolean {
  return winner === undefined || winner < version + MOST_LOG_BYTES;
}
