/**
 * A DynamoDB value in DynamoDB JSON, as stream records and export lines carry it.
 *
 * Binary is base64 text here; adapters of SDK clients convert byte arrays at the edge.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] }
  | { readonly NULL: true }
  | { readonly BOOL: boolean };

/** A DynamoDB item, or part of one. */
export interface AttributeMap {
  readonly [name: string]: AttributeValue;
}

/** A key attribute: its name and the one type DynamoDB stores under it. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** A table's primary key, in its order. */
export interface TableKey {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  /** What else an SQL table's key has; a DynamoDB table has two at the most. */
  readonly furtherKeys?: readonly KeyAttribute[];
}

/** Every attribute of a key, in its order. */
export function keyAttributes({ partitionKey, sortKey, furtherKeys }: TableKey): readonly KeyAttribute[] {
  if (sortKey === undefined) return [partitionKey];
  return furtherKeys === undefined ? [partitionKey, sortKey] : [partitionKey, sortKey, ...furtherKeys];
}
