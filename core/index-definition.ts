import { SyncError } from "./errors.ts";
import { DELETED_AT_FIELD } from "./table-descriptor.ts";

/** A mapping or settings object as the configuration has it. */
export type JsonObject = { readonly [name: string]: unknown };

/** What an index is made from. */
export interface IndexDefinition {
  readonly table: string;
  readonly generation: string;
  readonly environment: string;
  readonly writeAlias: string;
  readonly mapping: JsonObject;
  readonly settings: JsonObject;
}

/** Says in a mapping's `_meta` whose index it is, so that ours can be told from others of the same name. */
export interface IndexMark {
  readonly environment: string;
  readonly table: string;
  readonly generation: string;
}

/** The name under `_meta` that carries the {@link IndexMark}. */
export const INDEX_MARK_NAME = "trueup";

const MAXIMUM_ROUTING_SHARDS = 1024;

/**
 * The body that creates a generation's index: the declared mapping and settings, our mark, the tombstone
 * field, the write alias, and a routing shard count the audit can compute shards from.
 *
 * @throws SyncError `CONFIGURATION_INVALID` when the shard settings cannot be used (not retryable)
 * @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/
 */
export function toIndexBody(definition: IndexDefinition): JsonObject {
  return {
    settings: { index: indexSettings(definition.settings) },
    mappings: toMapping(definition),
    aliases: { [definition.writeAlias]: { is_write_index: true } },
  };
}

/** The mapping as the index holds it. Also the body of an additive update. */
export function toMapping({ mapping, environment, table, generation }: IndexDefinition): JsonObject {
  const mark: IndexMark = { environment, table, generation };
  return {
    ...mapping,
    _meta: { ...toObject(mapping["_meta"]), [INDEX_MARK_NAME]: mark },
    properties: {
      ...toObject(mapping["properties"]),
      [DELETED_AT_FIELD]: { type: "date", format: "epoch_millis" },
    },
  };
}

/** The filter of every search alias: tombstones are not results. */
export function toAliasFilter(): JsonObject {
  return { bool: { must_not: [{ exists: { field: DELETED_AT_FIELD } }] } };
}

/**
 * The declared settings with `number_of_shards` and `number_of_routing_shards` always spelt out.
 *
 * Names may be declared with or without the leading `index.`.
 *
 * @throws SyncError `CONFIGURATION_INVALID` (not retryable)
 */
export function indexSettings(declared: JsonObject): JsonObject {
  const settings = withoutPrefix(declared);
  const shards = toCount(settings["number_of_shards"] ?? 1, "number_of_shards");
  const routing = toCount(
    settings["number_of_routing_shards"] ?? defaultRoutingShards(shards),
    "number_of_routing_shards",
  );
  if (!isPowerOfTwo(routing / shards)) {
    throw invalid(`number_of_routing_shards ${routing} for ${shards} shards`, `number_of_shards x 2^k`);
  }
  return { ...settings, number_of_shards: shards, number_of_routing_shards: routing };
}

/** Shards x 2^k, as near to 1,024 as it gets: room to split, as the engine itself would choose. */
function defaultRoutingShards(shards: number): number {
  let routing = shards;
  while (routing * 2 <= MAXIMUM_ROUTING_SHARDS) routing *= 2;
  return routing;
}

function withoutPrefix(declared: JsonObject): JsonObject {
  const { index, ...rest } = declared;
  const entries = Object.entries({ ...rest, ...toObject(index) });
  return Object.fromEntries(entries.map(([name, value]) => [name.replace(/^index\./, ""), value]));
}

function toCount(value: unknown, name: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MAXIMUM_ROUTING_SHARDS) return count;
  throw invalid(`${name} ${JSON.stringify(value)}`, `a whole number from 1 to ${MAXIMUM_ROUTING_SHARDS}`);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && Number.isInteger(Math.log2(value));
}

function toObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function invalid(subject: string, rule: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "an index setting cannot be used", {
    subject,
    fix: `make it ${rule}`,
    retryable: false,
  });
}
