import { writeFraction } from "./calendar.ts";

const INTERVAL =
  /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/;

/**
 * A span of time in ISO 8601, its parts as PostgreSQL keeps them: months, days and microseconds do not mix.
 *
 * @param text - `P1Y2M3DT4H5M6.7S`; every part may have a sign and be left out or 0
 * @returns undefined when it is none
 */
export function toIntervalText(text: string): string | undefined {
  const parts = INTERVAL.exec(text.replaceAll("+", ""));
  if (parts === null) return undefined;
  const [years, months, weeks, days, hours, minutes] = parts.slice(1, 7).map((part) => BigInt(part ?? 0));
  const seconds = secondsMicros(parts);
  const clock = ((hours ?? 0n) * 3600n + (minutes ?? 0n) * 60n) * 1_000_000n + seconds;
  return write((years ?? 0n) * 12n + (months ?? 0n), (weeks ?? 0n) * 7n + (days ?? 0n), clock);
}

function secondsMicros(parts: RegExpExecArray): bigint {
  const micros = BigInt(parts[8] ?? 0) * 1_000_000n + BigInt((parts[9] ?? "").padEnd(6, "0").slice(0, 6));
  return parts[7] === "-" ? -micros : micros;
}

function write(months: bigint, days: bigint, micros: bigint): string {
  const date = `${part(months / 12n, "Y")}${part(months % 12n, "M")}${part(days, "D")}`;
  const minutes = micros / 60_000_000n;
  const time = `${part(minutes / 60n, "H")}${part(minutes % 60n, "M")}${writeSeconds(micros % 60_000_000n)}`;
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

function part(value: bigint, letter: string): string {
  return value === 0n ? "" : `${value}${letter}`;
}

function writeSeconds(micros: bigint): string {
  if (micros === 0n) return "";
  const magnitude = micros < 0n ? -micros : micros;
  const fraction = writeFraction((magnitude % 1_000_000n).toString().padStart(6, "0"));
  return `${micros < 0n ? "-" : ""}${magnitude / 1_000_000n}${fraction}S`;
}
