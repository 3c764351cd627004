import type { AttributeValue } from "../../attribute-value.ts";

/** What Data Prepper makes of times without end. */
const INFINITE: ReadonlyMap<string, string> = new Map([
  ["infinity", "9999-12-31"],
  ["-infinity", "1970-01-01"],
]);

/**
 * A date or time in epoch milliseconds; a time of day is one of 1970-01-01. Fractions below a millisecond are dropped.
 *
 * What Data Prepper cannot read (a year before 1 or of five digits) stays text: such an event is lost on its way, and an
 * audit finds it.
 */
export function toManagedTime(text: string, typeName: string): AttributeValue {
  const millis = Date.parse(toIso(endOf(text, typeName), typeName));
  return Number.isNaN(millis) ? { S: text } : { N: String(millis) };
}

function endOf(text: string, typeName: string): string {
  const day = INFINITE.get(text);
  if (day === undefined || typeName === "date") return day ?? text;
  return `${day} ${text === "infinity" ? "23:59:59" : "00:00:00"}${typeName === "timestamptz" ? "+00" : ""}`;
}

function toIso(text: string, typeName: string): string {
  switch (typeName) {
    case "date":
      return `${text}T00:00:00Z`;
    case "time":
      return `1970-01-01T${toMillis(text)}Z`;
    case "timestamp":
      return `${toMillis(text.replace(" ", "T"))}Z`;
    case "timetz":
      return `1970-01-01T${zoned(text)}`;
    default:
      return zoned(text.replace(" ", "T"));
  }
}

/** PostgreSQL writes `+02` and `+05:30`. */
function zoned(text: string): string {
  const [, time = text, offset = ""] = /^(.*?)([+-]\d\d(?::\d\d)?)$/.exec(text) ?? [];
  return `${toMillis(time)}${offset.length === 3 ? `${offset}:00` : offset}`;
}

function toMillis(time: string): string {
  return time.replace(/(\.\d{3})\d+$/, "$1");
}

/**
 * Only what is positive is kept: `P1Y2M3DT4H5M6S`; nothing of it is `PT0S`. Fractions of a second stay text: Data Prepper
 * cannot read them, and loses the event.
 */
export function toManagedInterval(text: string): string {
  if (text.includes(".")) return text;
  const [, date = "", time = ""] = /^P([^T]*)(?:T(.*))?$/.exec(text) ?? [];
  const days = positiveParts(date);
  const hours = positiveParts(time);
  return `P${days}${hours === "" ? "" : `T${hours}`}`.replace(/^P$/, "PT0S");
}

function positiveParts(parts: string): string {
  return [...parts.matchAll(/(-?)(\d+)[A-Z]/g)]
    .filter(([, minus, digits]) => minus === "" && Number(digits) > 0)
    .map(([part]) => part)
    .join("");
}
