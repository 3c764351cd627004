import type { Item, WireRecord } from "../dynamodb-streams.ts";
import type { ExportRequest } from "./export-request.ts";
import { type ExportRow, toKeyText } from "./export-row.ts";

/** The window of an incremental export, and which images it holds. */
export type IncrementalWindow = NonNullable<ExportRequest["IncrementalExportSpecification"]>;

/** What became of one item inside a window. */
interface NetChange {
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly writtenAtSeconds: number;
}

/** Folds changes to one per item: from what it was when the window began to what it was when the window ended. */
export interface NetChanges {
  /** @param records - in their order; those that were added before come before them */
  add(records: readonly WireRecord[]): void;
  rows(): Generator<ExportRow>;
}

/**
 * Makes the content of an incremental export.
 *
 * An item that was neither there before nor is after has no line.
 *
 * @param window - its beginning is inside, its end is not
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html incremental output, by operation
 */
export function makeNetChanges(keyNames: readonly string[], window: IncrementalWindow): NetChanges {
  const { ExportFromTime: from, ExportToTime: to, ExportViewType: view } = window;
  const changes = new Map<string, NetChange>();
  return {
    add: (records) => {
      for (const { dynamodb: change } of records) {
        const seconds = change.ApproximateCreationDateTime;
        if (seconds < from || seconds >= to) continue;
        const key = toKeyText(change.Keys, keyNames);
        const known = changes.get(key);
        changes.set(key, {
          keys: change.Keys,
          before: known === undefined ? change.OldImage : known.before,
          after: change.NewImage,
          writtenAtSeconds: seconds,
        });
      }
    },
    rows: function* () {
      for (const [key, change] of changes) {
        if (change.before === undefined && change.after === undefined) continue;
        yield { key, line: toLine(change, view === "NEW_AND_OLD_IMAGES") };
      }
    },
  };
}

function toLine({ keys, before, after, writtenAtSeconds }: NetChange, withOldImage: boolean): string {
  return JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: String(writtenAtSeconds * 1_000_000) } },
    Keys: keys,
    ...(before === undefined || !withOldImage ? {} : { OldImage: before }),
    ...(after === undefined ? {} : { NewImage: after }),
  });
}
