import type { KeyAttribute, TableKey } from "./attribute-value.ts";
import { SyncError } from "./errors.ts";
import { parseJson } from "./parse-json.ts";

/** A table's key as one text, because custom resources answer nothing else. */
export function writeTableKey(attributes: readonly KeyAttribute[]): string {
  return JSON.stringify(attributes.map(({ name, type }) => ({ name, type })));
}

/**
 * Reads what {@link writeTableKey} wrote.
 *
 * @throws SyncError `CONFIGURATION_INVALID` for anything else (not retryable)
 */
export function parseTableKey(text: string): TableKey {
  const parsed = parseJson(text);
  const attributes = Array.isArray(parsed) ? parsed.map(toAttribute) : [];
  const [partitionKey, sortKey, ...furtherKeys] = attributes;
  if (partitionKey === undefined) throw unreadable(text);
  return {
    partitionKey,
    ...(sortKey === undefined ? {} : { sortKey }),
    ...(furtherKeys.length === 0 ? {} : { furtherKeys }),
  };
}

function toAttribute(value: unknown): KeyAttribute {
  if (typeof value !== "object" || value === null) throw unreadable(String(value));
  const name: unknown = Reflect.get(value, "name");
  const type: unknown = Reflect.get(value, "type");
  if (typeof name === "string" && (type === "S" || type === "N" || type === "B")) return { name, type };
  throw unreadable(JSON.stringify(value));
}

function unreadable(subject: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "a table's key cannot be read", {
    subject,
    fix: "deploy program and functions from the same version",
    retryable: false,
  });
}
