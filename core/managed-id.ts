import type { AttributeMap, AttributeValue, KeyAttribute, TableKey } from "./attribute-value.ts";
import { SyncError } from "./errors.ts";

/**
 * Names a record as Data Prepper does: the parts of its key joined by `|`, nothing escaped, nothing shortened.
 *
 * Two keys can have one name where a part contains `|`; a name over 512 bytes is refused by the index.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when a key attribute is absent, of another type, or binary (not retryable)
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/RecordConverter.java`
 */
export function toManagedId(key: AttributeMap, { partitionKey, sortKey }: TableKey): string {
  const first = keyPart(key, partitionKey);
  return sortKey === undefined ? first : `${first}|${keyPart(key, sortKey)}`;
}

/** Every key that has a name, the one with the shortest partition key first; mostly one. */
export function parseManagedId(id: string, { partitionKey, sortKey }: TableKey): readonly AttributeMap[] {
  if (sortKey === undefined) {
    const value = toValue(id, partitionKey);
    return value === undefined ? [] : [{ [partitionKey.name]: value }];
  }
  const keys: AttributeMap[] = [];
  for (let bar = id.indexOf("|"); bar !== -1; bar = id.indexOf("|", bar + 1)) {
    const [first, second] = [toValue(id.slice(0, bar), partitionKey), toValue(id.slice(bar + 1), sortKey)];
    if (first === undefined || second === undefined) continue;
    keys.push({ [partitionKey.name]: first, [sortKey.name]: second });
  }
  return keys;
}

function keyPart(key: AttributeMap, { name, type }: KeyAttribute): string {
  const value = key[name];
  if (type === "S" && value !== undefined && "S" in value) return value.S;
  if (type === "N" && value !== undefined && "N" in value) return value.N;
  throw new SyncError(
    "EVENT_UNDECODABLE",
    "a record lacks a key attribute that managed mode can name it by",
    {
      subject: `${name} of type ${type}`,
      fix:
        type === "B"
          ? "use mode: custom for binary keys"
          : "declare the table's real key in the configuration",
      retryable: false,
    },
  );
}

function toValue(part: string, { type }: KeyAttribute): AttributeValue | undefined {
  if (part === "" || type === "B") return undefined;
  if (type === "S") return { S: part };
  return /^-?\d{1,127}(\.\d{1,131})?$/.test(part) ? { N: part } : undefined;
}
