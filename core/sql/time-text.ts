import {
  microsOf,
  shiftTime,
  timeOfMicros,
  timestampOfMicros,
  writeDate,
  writeFraction,
} from "./calendar.ts";

const DATE = /^([+-]?\d{4,})-(\d\d)-(\d\d)Z?( BC)?$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/;
const TIMESTAMP = /^([+-]?\d{4,}-\d\d-\d\d)[T ](.+?)( BC)?$/;

/** A connector writes infinite dates and timestamps as moments that PostgreSQL has not, or hardly. */
const INFINITE: ReadonlyMap<string, string> = new Map([
  ["infinity", "infinity"],
  ["-infinity", "-infinity"],
  ["-5877611-06-21Z", "infinity"],
  ["-5877611-06-22Z", "-infinity"],
  ["+294247-01-10T04:00:25.2Z", "infinity"],
  ["-290308-12-21T19:59:27.6Z", "-infinity"],
]);

/** A date in ISO 8601, from PostgreSQL's text or a connector's. @returns undefined when it is none */
export function toDateText(text: string): string | undefined {
  const date = DATE.exec(text);
  const infinite = INFINITE.get(text);
  if (date === null || infinite !== undefined) return infinite;
  return writeDate(yearOf(date[1], date[4]), Number(date[2]), Number(date[3]));
}

/** A time of day without a zone. 24:00 is midnight: so a connector writes it. */
export function toTimeText(text: string): string | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [, hours, minutes, seconds = "00", fraction = ""] = parts;
  if (hours === "24") return "00:00:00";
  return `${hours}:${minutes}:${seconds}${writeFraction(fraction)}`;
}

/** A time of day in UTC, with `Z`. */
export function toZonedTimeText(text: string): string | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const offset = offsetSeconds(parts[5]);
  const local = toTimeText(text);
  return offset === 0 ? `${local}Z` : `${timeOfMicros(shiftTime(microsOfDay(parts), offset))}Z`;
}

/** A date and time without a zone. */
export function toTimestampText(text: string): string | undefined {
  const parts = TIMESTAMP.exec(text);
  const infinite = INFINITE.get(text);
  if (parts === null || infinite !== undefined) return infinite;
  const date = toDateText(`${parts[1]}${parts[3] ?? ""}`);
  const time = toTimeText(parts[2] ?? "");
  return date === undefined || time === undefined ? undefined : `${date}T${time}`;
}

/** A moment, in UTC with `Z`. */
export function toInstantText(text: string): string | undefined {
  const parts = TIMESTAMP.exec(text);
  const time = TIME.exec(parts?.[2] ?? "");
  const date = DATE.exec(`${parts?.[1]}${parts?.[3] ?? ""}`);
  if (time === null || date === null) return INFINITE.get(text);
  const offset = offsetSeconds(time[5]);
  if (offset === 0) return `${toTimestampText(text)}Z`;
  const local = microsOf(yearOf(date[1], date[4]), Number(date[2]), Number(date[3]), microsOfDay(time));
  return `${timestampOfMicros(local - BigInt(offset) * 1_000_000n)}Z`;
}

/**
 * A range of moments, its bounds in UTC: PostgreSQL writes them in the zone of whoever asks.
 */
export function toInstantRangeText(text: string): string {
  return text.replaceAll(/"([^"]+)"/g, (quoted, bound: string) => {
    const instant = toInstantText(bound);
    return instant === undefined ? quoted : `"${instant}"`;
  });
}

/** The year as astronomers count: 0 is 1 BC. */
function yearOf(digits: string | undefined, era: string | undefined): number {
  return era === undefined ? Number(digits) : 1 - Number(digits);
}

function microsOfDay([, hours, minutes, seconds = "0", fraction = ""]: RegExpExecArray): bigint {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const [hours = "0", minutes = "0", seconds = "0"] = zone.slice(1).match(/\d\d/g) ?? [];
  const magnitude = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return zone.startsWith("-") ? -magnitude : magnitude;
}
