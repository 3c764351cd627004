import type { AttributeMap, AttributeValue, KeyAttribute, TableKey } from "../core/attribute-value.ts";
import { SyncError } from "../core/errors.ts";
import type { CheckOptions } from "./options.ts";

/** Turns a sample record into one as the stream carries it. @throws SyncError `CONFIGURATION_INVALID` naming what no table can hold */
export function toAttributes(
  record: Readonly<Record<string, unknown>>,
  path = "a sample record",
): AttributeMap {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttribute(value, `${path}.${name}`)]),
  );
}

function toAttribute(value: unknown, path: string): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)))
    return { N: String(value) };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (value instanceof Set) return toSet([...value], path);
  if (Array.isArray(value)) return { L: value.map((one, place) => toAttribute(one, `${path}[${place}]`)) };
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return { M: toAttributes({ ...value }, path) };
  }
  throw unusable(path, "is nothing a DynamoDB table holds");
}

function toSet(members: readonly unknown[], path: string): AttributeValue {
  if (members.length > 0 && members.every((member) => typeof member === "string")) return { SS: members };
  if (members.length > 0 && members.every((member) => typeof member === "number"))
    return { NS: members.map(String) };
  throw unusable(path, "must be a set of texts or of numbers, not empty");
}

/** The table's key, with the types that the samples have. */
export function readKey({ key, records }: CheckOptions): TableKey {
  const [first] = records;
  if (first === undefined) throw unusable("records", "must have one record or more");
  const sample = toAttributes(first);
  const partitionKey = toKeyAttribute(key.partitionKey, sample);
  return key.sortKey === undefined
    ? { partitionKey }
    : { partitionKey, sortKey: toKeyAttribute(key.sortKey, sample) };
}

function toKeyAttribute(name: string, sample: AttributeMap): KeyAttribute {
  const value = sample[name];
  for (const type of ["S", "N", "B"] as const)
    if (value !== undefined && type in value) return { name, type };
  throw unusable(`key attribute ${name}`, "must be a text, a number or binary in every sample record");
}

function unusable(subject: string, reason: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", `${subject} ${reason}`, {
    subject: "the options of checkTransform",
    fix: "correct it",
    retryable: false,
  });
}
