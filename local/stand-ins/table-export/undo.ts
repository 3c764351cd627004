import type { Item, WireRecord } from "../dynamodb-streams.ts";
import { toKeyText } from "./export-row.ts";

/** Puts items back to what they were at a moment, from what changed since. */
export interface Undo {
  /** @param records - in their order; those that were noted before come before them */
  note(records: readonly WireRecord[]): void;
  /**
   * An item that was read, as it was at the moment.
   *
   * @param json - the item's text
   * @returns undefined when it was not there; the same text when it did not change since
   */
  restore(key: string, json: string): string | undefined;
  /** The items that were there and that nobody restored: they are gone since. To be asked for last. */
  gone(): readonly { readonly key: string; readonly json: string }[];
}

/**
 * Makes the way back to a moment.
 *
 * The first change of an item after the moment tells what it was: its old image, or nothing for an insert.
 *
 * @param sinceSeconds - changes made before are no part of it
 */
export function makeUndo(keyNames: readonly string[], sinceSeconds: number): Undo {
  const former = new Map<string, Item | undefined>();
  const restored = new Set<string>();
  return {
    note: (records) => {
      for (const { dynamodb: change } of records) {
        const key = toKeyText(change.Keys, keyNames);
        if (change.ApproximateCreationDateTime < sinceSeconds || former.has(key)) continue;
        former.set(key, change.OldImage);
      }
    },
    restore: (key, json) => {
      if (!former.has(key)) return json;
      restored.add(key);
      const item = former.get(key);
      return item === undefined ? undefined : JSON.stringify(item);
    },
    gone: () =>
      [...former].flatMap(([key, item]) =>
        item === undefined || restored.has(key) ? [] : [{ key, json: JSON.stringify(item) }],
      ),
  };
}
