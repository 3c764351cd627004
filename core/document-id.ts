import { createHash } from "node:crypto";
import {
  type AttributeMap,
  type AttributeValue,
  type KeyAttribute,
  keyAttributes,
  type TableKey,
} from "./attribute-value.ts";
import { SyncError } from "./errors.ts";

/**
 * The longest `_id` OpenSearch accepts, in UTF-8 bytes.
 *
 * @see https://github.com/opensearch-project/OpenSearch/issues/6595 (bulk enforces it too)
 */
export const MAX_DOCUMENT_ID_BYTES = 512;

/**
 * Names a record by its key: the parts joined by `|`, with `\` and `|` inside a part escaped by `\`.
 *
 * Different keys always give different ids. Numbers are as DynamoDB writes them; binary is base64url.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when a key attribute is absent or of another type (not retryable)
 */
export function toRecordId(key: AttributeMap, { partitionKey, sortKey, furtherKeys }: TableKey): string {
  let id = escapePart(keyPart(key, partitionKey));
  if (sortKey !== undefined) id += `|${escapePart(keyPart(key, sortKey))}`;
  for (const further of furtherKeys ?? []) id += `|${escapePart(keyPart(key, further))}`;
  return id;
}

/** A record's key alone. */
export function toKey(image: AttributeMap, tableKey: TableKey): AttributeMap {
  const key: Record<string, AttributeValue> = {};
  for (const attribute of keyAttributes(tableKey)) {
    const value = image[attribute.name];
    if (value !== undefined) key[attribute.name] = value;
  }
  return key;
}

/**
 * The `_id` of a record's document: the record id itself, or `sha256-<hex>` of it where it is longer than
 * {@link MAX_DOCUMENT_ID_BYTES}.
 */
export function toDocumentId(recordId: string): string {
  if (recordId.length * 3 <= MAX_DOCUMENT_ID_BYTES) return recordId;
  if (Buffer.byteLength(recordId) <= MAX_DOCUMENT_ID_BYTES) return recordId;
  return `sha256-${createHash("sha256").update(recordId).digest("hex")}`;
}

/**
 * Reads a key back from a record id.
 *
 * @returns the key, or undefined when no record of this table can have that id (a document somebody else
 * wrote, or a hashed id)
 */
export function parseRecordId(recordId: string, tableKey: TableKey): AttributeMap | undefined {
  const parts = splitParts(recordId);
  const attributes = keyAttributes(tableKey);
  if (parts === undefined || parts.length !== attributes.length) return undefined;
  const key: Record<string, AttributeValue> = {};
  for (const [index, attribute] of attributes.entries()) {
    const value = parsePart(parts[index] ?? "", attribute);
    if (value === undefined) return undefined;
    key[attribute.name] = value;
  }
  // What this table would not have written so is somebody else's.
  return toRecordId(key, tableKey) === recordId ? key : undefined;
}

function keyPart(key: AttributeMap, { name, type }: KeyAttribute): string {
  const value = key[name] ?? {};
  const part: unknown = Object.hasOwn(value, type) ? Reflect.get(value, type) : undefined;
  if (typeof part !== "string") throw undecodableKey(name, type);
  return type === "B" ? part.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : part;
}

function parsePart(part: string, { type }: KeyAttribute): AttributeValue | undefined {
  if (part === "") return undefined;
  if (type === "S") return { S: part };
  if (type === "N") return isDynamodbNumber(part) ? { N: part } : undefined;
  return /^[A-Za-z0-9_-]+$/.test(part) ? { B: Buffer.from(part, "base64url").toString("base64") } : undefined;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html numbers */
function isDynamodbNumber(text: string): boolean {
  const [, whole = "", fraction = ""] = /^-?(\d*)\.?(\d*)(?:[eE][+-]?\d+)?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`;
  const magnitude = Math.abs(Number(text));
  const significant = digits.replace(/^0+/, "").replace(/0+$/, "").length;
  return (
    digits !== "" && significant <= 38 && (magnitude === 0 || (magnitude >= 1e-130 && magnitude < 1e126))
  );
}

function escapePart(part: string): string {
  return /[\\|]/.test(part) ? part.replaceAll("\\", "\\\\").replaceAll("|", "\\|") : part;
}

function splitParts(recordId: string): string[] | undefined {
  const parts = [""];
  for (let index = 0; index < recordId.length; index += 1) {
    const character = recordId.charAt(index);
    if (character === "|") parts.push("");
    else if (character !== "\\") parts[parts.length - 1] += character;
    else if (index + 1 === recordId.length) return undefined;
    else {
      index += 1;
      parts[parts.length - 1] += recordId.charAt(index);
    }
  }
  return parts;
}

function undecodableKey(name: string, type: string): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a record lacks a key attribute of the declared type", {
    subject: `${name} of type ${type}`,
    fix: "declare the table's real key in the configuration",
    retryable: false,
  });
}
