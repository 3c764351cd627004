import type { AttributeValue } from "../attribute-value.ts";
import { timestampOfMicros } from "./calendar.ts";
import { fromText } from "./from-text.ts";
import type { ParquetAnnotation, ParquetValue } from "./parquet-column.ts";
import type { SqlType } from "./sql-type.ts";

const utf8 = new TextDecoder();
const MICROS_PER_SECOND = 1_000_000n;

/**
 * The value that an export of a database's cluster stores so: the same as {@link fromText} makes of PostgreSQL's text.
 *
 * Nearly every type of PostgreSQL is stored as that text; integers, floats, booleans and bytes have types of their own.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when it is no value of the type (not retryable)
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-export-snapshot.Considerations.html#aurora-export-snapshot.data-types
 */
export function fromParquet(
  value: ParquetValue,
  annotation: ParquetAnnotation,
  type: SqlType,
): AttributeValue {
  if (value === null || value === undefined) return { NULL: true };
  const text = toText(value, annotation, type);
  return fromText(type.kind === "interval" ? toIsoInterval(text) : text, type);
}

function toText(
  value: boolean | number | bigint | Uint8Array,
  annotation: ParquetAnnotation,
  type: SqlType,
): string {
  if (typeof value === "boolean") return value ? "t" : "f";
  if (annotation.kind === "decimal") return placePoint(toInteger(value), annotation.scale);
  if (annotation.kind === "timestamp")
    return timestampOfMicros((toInteger(value) * MICROS_PER_SECOND) / annotation.perSecond);
  if (!(value instanceof Uint8Array)) return String(value);
  const isBytes = annotation.kind === "none" && type.kind === "binary";
  return isBytes ? `\\x${Buffer.from(value).toString("hex")}` : utf8.decode(value);
}

/** Bytes are a two's complement, the highest first. */
function toInteger(value: number | bigint | Uint8Array): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value);
  return value.length === 0
    ? 0n
    : BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString("hex")}`));
}

function placePoint(unscaled: bigint, scale: number): string {
  return scale === 0 ? String(unscaled) : `${unscaled}e-${scale}`;
}

const TRADITIONAL_UNIT = /([+-]?\d+) (year|mon|day)s?/g;
const TRADITIONAL_CLOCK = /([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/;
const LETTERS: Readonly<Record<string, string>> = { year: "Y", mon: "M", day: "D" };

/** `1 year 2 mons -3 days 04:05:06.7`, as a session of PostgreSQL writes that asked for nothing else, in ISO 8601. */
function toIsoInterval(text: string): string {
  if (/^P/.test(text) || /infinity$/.test(text)) return text;
  const date = [...text.matchAll(TRADITIONAL_UNIT)].map(
    ([, count, unit]) => `${count}${LETTERS[unit ?? ""]}`,
  );
  const clock = TRADITIONAL_CLOCK.exec(text);
  if (clock === null) return date.length === 0 ? text : `P${date.join("")}`;
  const [, sign = "", hours, minutes, seconds] = clock;
  return `P${date.join("")}T${sign}${hours}H${sign}${minutes}M${sign}${seconds}S`;
}
