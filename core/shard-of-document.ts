const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** How an index spreads documents over its shards, from its `_settings`. */
export interface ShardRouting {
  readonly shards: number;
  /** `index.number_of_routing_shards`: shards x 2^k. */
  readonly routingShards: number;
}

/**
 * The shard a document without a routing of its own lies on.
 *
 * The engine's own function: MurmurHash3 (x86, 32 bits, seed 0) over the id's UTF-16 code units, little-endian,
 * modulo the routing shards, divided by the routing factor.
 *
 * @see https://github.com/opensearch-project/OpenSearch/blob/3.7.0/server/src/main/java/org/opensearch/cluster/routing/OperationRouting.java `calculateScaledShardId`
 */
export function shardOfDocument(id: string, { shards, routingShards }: ShardRouting): number {
  const hash = murmurHash3(id);
  const slot = ((hash % routingShards) + routingShards) % routingShards;
  return Math.floor(slot / (routingShards / shards));
}

/** MurmurHash3 x86 32 of a text as OpenSearch hashes it. @returns a signed 32-bit number */
function murmurHash3(text: string): number {
  let hash = 0;
  const pairs = text.length & ~1;
  for (let index = 0; index < pairs; index += 2) {
    hash ^= scramble(text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16));
    hash = Math.imul(rotate(hash, 13), 5) + 0xe6546b64;
  }
  if (pairs < text.length) hash ^= scramble(text.charCodeAt(pairs));
  hash ^= text.length * 2;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scramble(block: number): number {
  return Math.imul(rotate(Math.imul(block, C1), 15), C2);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
