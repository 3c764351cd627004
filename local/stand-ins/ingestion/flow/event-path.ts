import { type EventData, type EventValue, isEventData } from "../event.ts";

/** The names on the way to a value: `a/b` and `/a/b` are the same. */
export function toPath(key: string): readonly string[] {
  return key.split("/").filter((name) => name !== "");
}

/** @returns undefined when there is nothing, which is not the same as null */
export function getValue(data: EventData, [name, ...rest]: readonly string[]): EventValue | undefined {
  if (name === undefined || !Object.hasOwn(data, name)) return undefined;
  const value = data[name];
  if (rest.length === 0) return value;
  return isEventData(value) ? getValue(value, rest) : undefined;
}

/** The same event with a value at a place; what is in the way of it is replaced. */
export function putValue(data: EventData, [name, ...rest]: readonly string[], value: EventValue): EventData {
  if (name === undefined) return data;
  if (rest.length === 0) return { ...data, [name]: value };
  const inner = Object.hasOwn(data, name) ? data[name] : undefined;
  return { ...data, [name]: putValue(isEventData(inner) ? inner : {}, rest, value) };
}

/** The same event without a value. */
export function deleteValue(data: EventData, [name, ...rest]: readonly string[]): EventData {
  if (name === undefined || !Object.hasOwn(data, name)) return data;
  const { [name]: found, ...others } = data;
  if (rest.length === 0) return others;
  return isEventData(found) ? { ...data, [name]: deleteValue(found, rest) } : data;
}
