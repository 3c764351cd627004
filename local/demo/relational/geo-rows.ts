import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as z from "zod";

/** A country, a state or a city of a public data set that belong together. */
export interface CityRow {
  readonly id: number;
  readonly countryCode: string;
  readonly stateCode: string;
  readonly name: string;
  readonly latitude: string | null;
  readonly longitude: string | null;
  /** Live traffic leaves it alone: faults and searches have it for themselves. */
  readonly still: boolean;
}

export interface StateRow {
  readonly countryCode: string;
  readonly code: string;
  readonly name: string;
}

const STILL_EVERY = 10;
/** Where a change does not tell such a text, its row is read again, some tens a second on this machine. */
const STORY_EVERY = 200;

const citySchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]));
const stateSchema = z.array(z.object({ name: z.string(), isoCode: z.string(), countryCode: z.string() }));

/** The first cities of the data set, spread over all of it. */
export function readCities(count: number): readonly CityRow[] {
  const cities = citySchema.parse(readAsset("city"));
  const step = Math.max(1, Math.floor(cities.length / count));
  return cities
    .filter((_, place) => place % step === 0)
    .slice(0, count)
    .map(([name, countryCode, stateCode, latitude, longitude], place) => ({
      id: place + 1,
      countryCode,
      stateCode,
      name,
      latitude: toNumeric(latitude),
      longitude: toNumeric(longitude),
      still: place % STILL_EVERY === 0,
    }));
}

/** Every state; country and code name it. */
export function readStates(): readonly StateRow[] {
  return stateSchema
    .parse(readAsset("state"))
    .map(({ name, isoCode: code, countryCode }) => ({ countryCode, code, name }));
}

/** Text that PostgreSQL keeps outside the row, and that no update of other columns writes to its log again. */
export function storyOf(id: number): string | null {
  if (id % STORY_EVERY !== 0) return null;
  return Array.from({ length: 80 }, (_, part) => digestOf(`${id} ${part}`)).join(" ");
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function toNumeric(text: string): string | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
}

function readAsset(name: string): unknown {
  const file = createRequire(import.meta.url).resolve(`country-state-city/lib/assets/${name}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}
