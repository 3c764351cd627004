import { InvalidArgumentError } from "commander";

const UNIT_MILLIS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `90s`, `15m`, `6h`, `2d`.
 *
 * @returns milliseconds
 */
export function parseDuration(text: string): number {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const millis = Number(count) * (UNIT_MILLIS[unit] ?? Number.NaN);
  if (Number.isFinite(millis) && millis > 0) return millis;
  throw new InvalidArgumentError("give a number and a unit: 90s, 15m, 6h or 2d.");
}
