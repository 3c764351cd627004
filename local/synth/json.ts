/** Plain data, as stack files, templates and emulators have it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** Maps every text in plain data, names of members left alone. */
export function mapTexts<Result>(value: Json, map: (text: string) => Result): MappedJson<Result> {
  if (typeof value === "string") return map(value);
  if (isArray(value)) return value.map((member) => mapTexts(member, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, map)]));
}

/** Plain data with something else in place of its texts. */
export type MappedJson<Result> =
  | null
  | boolean
  | number
  | Result
  | MappedJson<Result>[]
  | { [name: string]: MappedJson<Result> };

/** Every text in plain data. */
export function textsOf(value: Json): readonly string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => texts.push(text));
  return texts;
}

/** `Array.isArray` that also knows readonly arrays. */
export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
