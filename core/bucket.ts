const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Which of `buckets` parts an id belongs to: FNV-1a over its UTF-16 code units.
 *
 * The audit joins database, manifest and index part by part, so all three must use this one function.
 * A changed function would need every manifest rewritten.
 */
export function bucketOf(id: string, buckets: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0) % buckets;
}
