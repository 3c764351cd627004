import type { AttributeValue } from "../attribute-value.ts";
import { ExactNumber } from "../exact-number.ts";
import { toExactObject } from "../parse-exact.ts";
import type { ExactJson, ExactObject } from "../plain-fingerprint.ts";
import { dateOfDay, timeOfMicros, timestampOfMicros } from "./calendar.ts";
import { toDecimalText, toFloatText } from "./decimal-text.ts";
import { fromBits, refuse, toGeometryText, toMap, toNumber, toTimeValue } from "./from-text.ts";
import { fromJson, fromJsonText } from "./json-value.ts";
import type { SqlType } from "./sql-type.ts";

/**
 * The value of a column that a Debezium event carries, parsed by `parseExact`.
 *
 * For a connector set as docs/internals.md says. The same value comes of a query (`fromText`).
 *
 * @throws SyncError `EVENT_UNDECODABLE` when it is no value of the type (not retryable)
 * @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-data-types
 */
export function fromDebezium(value: ExactJson, type: SqlType): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return fromString(value, type);
  if (typeof value === "number" || value instanceof ExactNumber) return fromNumber(String(value), type);
  if (typeof value === "boolean") return { BOOL: value };
  if (isList(value)) return fromList(value, type);
  return fromObject(value, type);
}

function fromString(text: string, type: SqlType): AttributeValue {
  switch (type.kind) {
    case "text":
      return { S: text };
    case "opaque":
      return { S: Buffer.from(text, "base64").toString() };
    case "geometry":
      return { S: toGeometryText(Buffer.from(text, "base64").toString()) };
    case "number":
    case "money":
      return toNumber(NO_NUMBERS.get(text) ?? text, toDecimalText(text));
    case "float":
    case "double":
      return toNumber(text, toFloatText(text, type.kind === "float"));
    case "binary":
      return { B: text };
    case "bits":
      return fromBits(toBits(text), type.length);
    case "json":
      return fromJsonText(text);
    case "hstore":
      return fromHstore(text);
    case "boolean":
    case "point":
    case "array":
      return refuse(type);
    default:
      return { S: toTimeValue(text, type.kind) ?? refuse(type) };
  }
}

/** What a numeric that is no number is called where decimals are strings. */
const NO_NUMBERS: ReadonlyMap<string, string> = new Map([
  ["NAN", "NaN"],
  ["POSITIVE_INFINITY", "Infinity"],
  ["NEGATIVE_INFINITY", "-Infinity"],
]);

/** Times are numbers where a connector is not set to write them as texts. */
function fromNumber(text: string, type: SqlType): AttributeValue {
  switch (type.kind) {
    case "float":
    case "double":
      return toNumber(text, toFloatText(text, type.kind === "float"));
    case "date":
      return { S: dateOfDay(Number(text)) };
    case "time":
      return { S: timeOfMicros(BigInt(text)) };
    case "timestamp":
      return { S: timestampOfMicros(BigInt(text)) };
    default:
      return toNumber(text, toDecimalText(text));
  }
}

function fromList(values: readonly ExactJson[], type: SqlType): AttributeValue {
  if (type.kind !== "array") return refuse(type);
  const { element } = type;
  return { L: values.map((value) => fromDebezium(value, isList(value) ? type : element)) };
}

function fromObject(value: ExactObject, type: SqlType): AttributeValue {
  if (type.kind === "hstore") return fromJson(value);
  if (type.kind !== "point") return refuse(type);
  const double = { kind: "double" } as const;
  return { M: { x: fromDebezium(value["x"] ?? null, double), y: fromDebezium(value["y"] ?? null, double) } };
}

function fromHstore(text: string): AttributeValue {
  const members = toExactObject(JSON.parse(text)) ?? refuse({ kind: "hstore" });
  return toMap(
    Object.entries(members).map(([name, member]) => [name, member === null ? null : String(member)]),
  );
}

/** Debezium writes the lowest byte first. */
function toBits(base64: string): string {
  const bytes = [...Buffer.from(base64, "base64")].reverse();
  return bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}
