const DAY_SECONDS = 86_400;
const MICROS_PER_SECOND = 1_000_000n;
const MICROS_PER_DAY = BigInt(DAY_SECONDS) * MICROS_PER_SECOND;
/** Days of 400 years, after which the calendar repeats. */
const ERA_DAYS = 146_097;
/** Days from the first of March of the year 0 to 1970-01-01. */
const EPOCH_DAYS = 719_468;

/**
 * The date of a day, ISO 8601. Years past 9999 and before the year 0 carry a sign: `+10000-01-01`, `-0043-03-15`.
 *
 * @param day - days since 1970-01-01, in the Gregorian calendar whatever the year, as PostgreSQL counts
 * @see https://howardhinnant.github.io/date_algorithms.html `civil_from_days`
 */
export function dateOfDay(day: number): string {
  const shifted = day + EPOCH_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return writeDate(year, month, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1);
}

/** Days since 1970-01-01; the inverse of {@link dateOfDay}. */
function dayOfDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
}

/** @param year - astronomical: 0 is 1 BC */
export function writeDate(year: number, month: number, day: number): string {
  return `${writeYear(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

function writeYear(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, "0");
  if (year < 0) return `-${digits}`;
  return year > 9999 ? `+${digits}` : digits;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** The time of day, `10:11:12.5`; at most 24:00:00. @param micros - since midnight */
export function timeOfMicros(micros: bigint): string {
  const seconds = Number(micros / MICROS_PER_SECOND);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(twoDigits)
    .join(":");
  return clock + writeFraction((micros % MICROS_PER_SECOND).toString().padStart(6, "0"));
}

/** A fraction of a second with its point, without the zeros at its end. */
export function writeFraction(digits: string): string {
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : `.${trimmed}`;
}

/** A date and its time, `2026-11-25T10:11:12.5`. @param micros - since 1970-01-01 */
export function timestampOfMicros(micros: bigint): string {
  const ofDay = floorModulo(micros, MICROS_PER_DAY);
  return `${dateOfDay(Number((micros - ofDay) / MICROS_PER_DAY))}T${timeOfMicros(ofDay)}`;
}

/** Microseconds since 1970-01-01 of a date and a time of day. */
export function microsOf(year: number, month: number, day: number, microsOfDay: bigint): bigint {
  return BigInt(dayOfDate(year, month, day)) * MICROS_PER_DAY + microsOfDay;
}

/** Moves a time of day by an offset, around midnight where it must. */
export function shiftTime(micros: bigint, offsetSeconds: number): bigint {
  return floorModulo(micros - BigInt(offsetSeconds) * MICROS_PER_SECOND, MICROS_PER_DAY);
}

function floorModulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
