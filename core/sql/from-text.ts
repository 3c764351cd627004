import type { AttributeValue } from "../attribute-value.ts";
import { SyncError } from "../errors.ts";
import { toDecimalText, toFloatText } from "./decimal-text.ts";
import { toIntervalText } from "./interval-text.ts";
import { fromJsonText } from "./json-value.ts";
import { type ArrayItem, parseArray, parseHstore } from "./literals.ts";
import type { SqlType } from "./sql-type.ts";
import {
  toDateText,
  toInstantRangeText,
  toInstantText,
  toTimestampText,
  toTimeText,
  toZonedTimeText,
} from "./time-text.ts";

/**
 * The value that PostgreSQL writes as this text.
 *
 * Needs a session with {@link SESSION_SETTINGS}. The same value comes of a change event (`fromDebezium`).
 *
 * @param text - null is NULL
 * @throws SyncError `EVENT_UNDECODABLE` when it is no value of the type (not retryable)
 */
export function fromText(text: string | null, type: SqlType): AttributeValue {
  if (text === null) return { NULL: true };
  switch (type.kind) {
    case "text":
    case "opaque":
      return { S: text };
    case "geometry":
      return { S: toGeometryText(text) };
    case "number":
      return toNumber(text, toDecimalText(text));
    case "boolean":
      return { BOOL: text === "t" || text === "true" };
    case "float":
    case "double":
      return toNumber(text, toFloatText(text, type.kind === "float"));
    case "money":
      return toNumber(text, toDecimalText(text.replaceAll(/[$,]/g, "")));
    case "array":
      return toList(parseArray(text), type.element);
    case "binary":
      return { B: Buffer.from(text.replace(/^\\x/, ""), "hex").toString("base64") };
    case "bits":
      return fromBits(text, type.length);
    case "point":
      return toPoint(text);
    case "json":
      return fromJsonText(text);
    case "hstore":
      return toMap(parseHstore(text));
    default:
      return { S: toTimeValue(text, type.kind) ?? refuse(type) };
  }
}

/**
 * What a session must be set to, so that texts are what {@link fromText} reads.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html
 */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "iso_8601",
  bytea_output: "hex",
  extra_float_digits: "1",
  lc_monetary: "C",
};

type TimeKind = "date" | "time" | "timetz" | "timestamp" | "timestamptz" | "interval" | "tstzrange";

/** @returns undefined when it is none */
export function toTimeValue(text: string, kind: TimeKind): string | undefined {
  switch (kind) {
    case "date":
      return toDateText(text);
    case "time":
      return toTimeText(text);
    case "timetz":
      return toZonedTimeText(text);
    case "timestamp":
      return toTimestampText(text);
    case "timestamptz":
      return toInstantText(text);
    case "interval":
      return /infinity$/.test(text) ? text : toIntervalText(text);
    case "tstzrange":
      return toInstantRangeText(text);
  }
}

/** A number, or the name of what is none. @param decimal - undefined when it is none */
export function toNumber(text: string, decimal: string | undefined): AttributeValue {
  return decimal === undefined ? { S: text } : { N: decimal };
}

/** Bits as a text of `0` and `1`; where their number varies, without the zeros before, which Debezium does not tell. */
export function fromBits(bits: string, length: number | undefined): AttributeValue {
  if (length === 1) return { BOOL: bits.endsWith("1") };
  return { S: length === undefined ? bits.replace(/^0+/, "") : bits.slice(-length).padStart(length, "0") };
}

export function toMap(pairs: readonly (readonly [string, string | null])[] | undefined): AttributeValue {
  const members = (pairs ?? refuse({ kind: "hstore" })).map(([name, text]): [string, AttributeValue] => [
    name,
    text === null ? { NULL: true } : { S: text },
  ]);
  return { M: Object.fromEntries(members) };
}

function toList(items: readonly ArrayItem[] | undefined, element: SqlType): AttributeValue {
  if (items === undefined) return refuse({ kind: "array", element });
  return {
    L: items.map((item) =>
      typeof item === "string" || item === null ? fromText(item, element) : toList(item, element),
    ),
  };
}

/** Numbers in a shape as everywhere: Java writes `1.0` where PostgreSQL writes `1`. */
export function toGeometryText(text: string): string {
  return text.replaceAll(
    /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
    (number) => toFloatText(number, false) ?? number,
  );
}

function toPoint(text: string): AttributeValue {
  const [, x = "", y = ""] = /^\((.+),(.+)\)$/.exec(text) ?? [];
  return { M: { x: toNumber(x, toFloatText(x, false)), y: toNumber(y, toFloatText(y, false)) } };
}

/** @throws SyncError always */
export function refuse({ kind }: SqlType): never {
  throw new SyncError("EVENT_UNDECODABLE", "a column's value is not written as its type is", {
    subject: kind,
    fix: "check the connector's settings against docs/internals.md",
    retryable: false,
  });
}
