import type { IndexMark, JsonObject } from "../index-definition.ts";
import type { AliasMember } from "../table-control.ts";

/** An index as the engine has it. */
export interface IndexFacts {
  readonly index: string;
  /** Changes when an index is deleted and made again under its name. */
  readonly indexUuid: string;
  /** Whose it is; absent when we did not make it. */
  readonly mark?: IndexMark;
}

/** One change of one `_aliases` call. All of a call's changes happen at once or not at all. */
export type AliasAction =
  | { readonly kind: "add"; readonly index: string; readonly alias: string; readonly options: JsonObject }
  | { readonly kind: "remove"; readonly index: string; readonly alias: string }
  | { readonly kind: "delete-index"; readonly index: string };

/** What index-lifecycle asks of the search engine. Every call may throw `INDEX_UNAVAILABLE` (retryable). */
export interface IndexAdmin {
  /** @returns undefined when no index of that very name exists; an alias of that name is not an index */
  findIndex(index: string): Promise<IndexFacts | undefined>;

  /**
   * @returns `exists` when the name is taken, by an index or an alias
   * @throws SyncError `CONFIGURATION_INVALID` when the engine refuses mapping or settings (not retryable)
   */
  createIndex(index: string, body: JsonObject): Promise<"created" | "exists">;

  /** Adds to a mapping. @throws SyncError `INDEX_CHANGE_REFUSED` when the engine cannot merge it (not retryable) */
  putMapping(index: string, mapping: JsonObject): Promise<void>;

  /** Changes dynamic settings. @throws SyncError `INDEX_CHANGE_REFUSED` when one is not dynamic (not retryable) */
  putSettings(index: string, settings: JsonObject): Promise<void>;

  /** Deleting an index that is not there succeeds. */
  deleteIndex(index: string): Promise<void>;

  /** @returns the indexes behind an alias with its options; empty when there is no such alias */
  aliasMembers(alias: string): Promise<readonly AliasMember[]>;

  /**
   * Makes all changes in one step: a search sees the alias before or after, never between.
   *
   * @throws SyncError `CUTOVER_REFUSED` when the engine refuses them; nothing has changed then (not retryable)
   */
  changeAliases(actions: readonly AliasAction[]): Promise<void>;

  /** @returns documents that are no tombstones; 0 when the index is gone */
  countDocuments(index: string): Promise<number>;
}
