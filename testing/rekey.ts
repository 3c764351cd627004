import type { AttributeMap, AttributeValue, KeyAttribute } from "../core/attribute-value.ts";
import type { Trial } from "./trial.ts";

/** A record of the same kind under a key that no transform has seen before, and the text its key has now. */
export interface Rekeyed {
  readonly image: AttributeMap;
  readonly mark: string;
}

/** Gives a record a key of its own: its partition key, longer by a number never used before. */
export function rekey({ key: { partitionKey }, marks }: Trial, image: AttributeMap): Rekeyed {
  marks.made += 1;
  const mark = `${9_000_000 + marks.made}`;
  return {
    image: { ...image, [partitionKey.name]: toKeyValue(partitionKey, image[partitionKey.name], mark) },
    mark,
  };
}

/** Puts an image under another one's key. */
export function underKeyOf(
  { key: { partitionKey, sortKey } }: Trial,
  image: AttributeMap,
  other: AttributeMap,
): AttributeMap {
  const names = [partitionKey.name, ...(sortKey === undefined ? [] : [sortKey.name])];
  const taken = names.flatMap((name) => (other[name] === undefined ? [] : [[name, other[name]] as const]));
  return { ...image, ...Object.fromEntries(taken) };
}

function toKeyValue(
  { type }: KeyAttribute,
  before: AttributeValue | undefined,
  mark: string,
): AttributeValue {
  if (type === "N") return { N: mark };
  if (type === "B") return { B: Buffer.from(mark).toString("base64") };
  return { S: before !== undefined && "S" in before ? `${before.S}~${mark}` : mark };
}
