import type { AttributeValue as SdkValue } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../core/attribute-value.ts";

/** Turns an item of the SDK, where binary is bytes, into DynamoDB JSON, where it is base64 text. */
export function fromDynamoDbItem(item: Readonly<Record<string, SdkValue>>): AttributeMap {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromValue(value)]));
}

/** Turns a key or item in DynamoDB JSON into what the SDK sends. */
export function toDynamoDbItem(item: AttributeMap): Record<string, SdkValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toValue(value)]));
}

function fromValue(value: SdkValue): AttributeValue {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.B !== undefined) return { B: toBase64(value.B) };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  if (value.BS !== undefined) return { BS: value.BS.map(toBase64) };
  if (value.M !== undefined) return { M: fromDynamoDbItem(value.M) };
  if (value.L !== undefined) return { L: value.L.map(fromValue) };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  return { NULL: true };
}

function toValue(value: AttributeValue): SdkValue {
  if ("B" in value) return { B: Buffer.from(value.B, "base64") };
  if ("BS" in value) return { BS: value.BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if ("M" in value) return { M: toDynamoDbItem(value.M) };
  if ("L" in value) return { L: value.L.map(toValue) };
  if ("SS" in value) return { SS: [...value.SS] };
  if ("NS" in value) return { NS: [...value.NS] };
  return value;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
