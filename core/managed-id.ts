import {
  type AttributeMap,
  type AttributeValue,
  type KeyAttribute,
  keyAttributes,
  type TableKey,
} from "./attribute-value.ts";
import { SyncError } from "./errors.ts";

/**
 * Names a record as Data Prepper does: the parts of its key joined by `|`, nothing escaped, nothing shortened.
 *
 * Two keys can have one name where a part contains `|`; a name over 512 bytes is refused by the index.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when a key attribute is absent, of another type, or binary (not retryable)
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/RecordConverter.java`
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/converter/RecordConverter.java`
 */
export function toManagedId(key: AttributeMap, tableKey: TableKey): string {
  return keyAttributes(tableKey)
    .map((attribute) => keyPart(key, attribute))
    .join("|");
}

/** A name of many bars has more readings than anybody would look up. */
const MOST_KEYS = 64;

/**
 * Every key that has a name, the one with the shortest first parts first; mostly one. At most {@link MOST_KEYS}: of a name
 * with more readings than that, some are not told.
 */
export function parseManagedId(id: string, tableKey: TableKey): readonly AttributeMap[] {
  const keys: AttributeMap[] = [];
  for (const key of readKeys(id, keyAttributes(tableKey))) {
    keys.push(key);
    if (keys.length === MOST_KEYS) break;
  }
  return keys;
}

function* readKeys(
  id: string,
  [attribute, ...others]: readonly KeyAttribute[],
): Generator<Record<string, AttributeValue>> {
  if (attribute === undefined) return;
  if (others.length === 0) {
    const value = toValue(id, attribute);
    if (value !== undefined) yield { [attribute.name]: value };
    return;
  }
  for (let bar = id.indexOf("|"); bar !== -1; bar = id.indexOf("|", bar + 1)) {
    const value = toValue(id.slice(0, bar), attribute);
    if (value === undefined) continue;
    for (const rest of readKeys(id.slice(bar + 1), others)) yield { [attribute.name]: value, ...rest };
  }
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
