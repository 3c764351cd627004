import type { Item } from "../dynamodb-streams.ts";

/** One line of an export, and the key it is about. */
export interface ExportRow {
  readonly key: string;
  readonly line: string;
}

/** Tells items apart: the same text for the same key. @param keyNames - of the table, the partition key first */
export function toKeyText(item: Item, keyNames: readonly string[]): string {
  return JSON.stringify(keyNames.map((name) => item[name]));
}
