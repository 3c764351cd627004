import type { WireRecord } from "../../dynamodb-streams.ts";
import {
  type ConvertedRecord,
  convertStreamRecord,
  type KeyedTable,
  type ViewOnRemove,
} from "./convert-record.ts";
import { makeVersionCounter } from "./tie-breaking-version.ts";
import type { SourceControls } from "./weakness.ts";

/** Converts the pages of one shard, in order. */
export type ConvertPage = (records: readonly WireRecord[]) => readonly ConvertedRecord[];

/**
 * Makes what one shard consumer converts with; its count of versions begins at 0.
 *
 * What cannot be converted is left out, and takes no version.
 *
 * @param controls - looked at for every record, and used up
 */
export function makeConvertPage(
  table: KeyedTable,
  view: ViewOnRemove,
  controls: SourceControls,
): ConvertPage {
  const versions = makeVersionCounter();
  let second: number | undefined;
  let keys = new Set<string>();
  const noteKey = ({ dynamodb: change }: WireRecord) => {
    const { ApproximateCreationDateTime: seconds } = change;
    const key = JSON.stringify(table.keyNames.map((name) => change.Keys[name]));
    if (seconds !== second) keys = new Set();
    second = seconds;
    if (controls.sameSecond && keys.has(key)) {
      controls.sameSecond = false;
      versions.reset();
    }
    keys.add(key);
  };
  return (records) =>
    records.flatMap((record) => {
      if (controls.dropRecords > 0) {
        controls.dropRecords -= 1;
        return [];
      }
      noteKey(record);
      try {
        return [convertStreamRecord(record, table, view, versions.next)];
      } catch {
        return [];
      }
    });
}
