import { ExactNumber } from "../../../../core/exact-number.ts";
import type { Item } from "../../dynamodb-streams.ts";
import type { EventData, EventValue } from "../event.ts";
import { toJavaNumber, toPlainJavaNumber } from "./java-number.ts";

/**
 * Turns a DynamoDB item into an event's data: sets become lists, binary stays base64.
 *
 * @throws RangeError when a value is of no type DynamoDB has: Data Prepper skips such a record
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/StreamRecordConverter.java` processAttributeValue
 */
export function toPlainItem(item: Item): EventData {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toPlainValue(value)]));
}

function toPlainValue(attribute: unknown): EventValue {
  const [type = "", value] = toEntry(attribute);
  if (type === "NULL") return null;
  if (type === "BOOL" && typeof value === "boolean") return value;
  if ((type === "S" || type === "B") && typeof value === "string") return value;
  if (type === "N") return toNumber(value);
  if (type === "M" && isItem(value)) return toPlainItem(value);
  if (Array.isArray(value)) return value.map(elementOf(type));
  throw unknownValue(type);
}

function elementOf(type: string): (value: unknown) => EventValue {
  if (type === "L") return toPlainValue;
  if (type === "NS") return toNumber;
  if (type === "SS" || type === "BS") return toText;
  throw unknownValue(type);
}

/**
 * A key attribute as documents' ids have it.
 *
 * @param from - the stream gives numbers as DynamoDB wrote them, the export without exponent
 * @throws RangeError for a binary key: what Data Prepper makes of those is no id
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/converter/RecordConverter.java` getAttributeValue
 */
export function toKeyText(attribute: unknown, from: "stream" | "export"): string {
  const [type = "", value] = toEntry(attribute);
  if (typeof value !== "string" || (type !== "S" && type !== "N")) throw unknownValue(`key of type ${type}`);
  return type === "N" && from === "export" ? toPlainJavaNumber(value) : value;
}

function toEntry(attribute: unknown): readonly [string?, unknown?] {
  return isItem(attribute) ? (Object.entries(attribute)[0] ?? []) : [];
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toNumber(value: unknown): EventValue {
  return new ExactNumber(toJavaNumber(toText(value)));
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  throw unknownValue("no text");
}

function unknownValue(what: string): RangeError {
  return new RangeError(`an attribute cannot be turned into an event's value: ${what}`);
}
