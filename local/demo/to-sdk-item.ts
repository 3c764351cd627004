import type { AttributeValue as SdkValue } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../../core/attribute-value.ts";

/** Turns DynamoDB JSON into what the SDK's client takes: the same, with bytes for base64 text. */
export function toSdkItem(item: AttributeMap): Record<string, SdkValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toSdkValue(value)]));
}

function toSdkValue(value: AttributeValue): SdkValue {
  if ("B" in value) return { B: Buffer.from(value.B, "base64") };
  if ("BS" in value) return { BS: value.BS.map((part) => Buffer.from(part, "base64")) };
  if ("M" in value) return { M: toSdkItem(value.M) };
  if ("L" in value) return { L: value.L.map(toSdkValue) };
  if ("SS" in value) return { SS: [...value.SS] };
  if ("NS" in value) return { NS: [...value.NS] };
  return value;
}
