import type { DocumentRow } from "../audit-rows.ts";
import type { ShardRouting } from "../shard-of-document.ts";

/** An index at one moment. */
export interface IndexObservation {
  readonly indexUuid: string;
  readonly routing: ShardRouting;
  readonly shards: readonly {
    readonly shard: number;
    /** The primary's global checkpoint: every write at or below it is in every copy in sync. */
    readonly checkpoint: number;
    readonly historyUuid: string;
  }[];
}

/** A purge of one tombstone: succeeds only while the index still holds that very write. */
export interface TombstonePurge {
  readonly id: string;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** Where a document stands now. */
export interface LiveDocument {
  readonly version: string;
  readonly seqNo: number;
}

/** What an audit reads of an index. Never a document's fields, except {@link readDocument}, for a few examples. */
export interface IndexInspector {
  /** @returns undefined when there is no such index. All calls may throw SyncError `INDEX_UNAVAILABLE` (retryable) */
  observe(index: string): Promise<IndexObservation | undefined>;

  /** Makes acknowledged writes visible to what is opened after it. */
  refresh(index: string): Promise<void>;

  /**
   * Holds one shard as it is now; it must be closed, and closes itself after a while.
   *
   * @param range - what will be listed lies above `above`; counted is what lies at or below `through`
   * @returns its name, and how many documents it holds at or below `through`
   */
  openShard(
    index: string,
    shard: number,
    range: { readonly above: number; readonly through: number },
  ): Promise<{ readonly name: string; readonly count: number }>;

  closeShard(name: string): Promise<void>;

  /**
   * Pages through documents above a sequence number, in its order.
   *
   * @param from - where the listing stands: 0 documents and the `above` it was opened with, or as far as it came
   * @param pauseMillis - between two pages
   * @throws SyncError `INDEX_UNAVAILABLE` when it has closed itself, or a page of it is lost: open it anew (retryable)
   */
  list(
    name: string,
    shard: number,
    from: { readonly aboveSeqNo: number; readonly documents: number },
    pauseMillis: number,
  ): AsyncIterable<readonly DocumentRow[]>;

  /** @returns one a document asked for, in order; undefined where there is none. Sees unrefreshed writes */
  readLive(index: string, ids: readonly string[]): Promise<readonly (LiveDocument | undefined)[]>;

  /** @returns a document's source as JSON text; undefined when there is none */
  readDocument(index: string, id: string): Promise<string | undefined>;

  /** @returns the sequence number of each delete, in order; undefined where the tombstone had changed */
  purge(
    index: string,
    purges: readonly TombstonePurge[],
  ): Promise<readonly ({ seqNo: number; primaryTerm: number } | undefined)[]>;
}
