import type { TableKey } from "../attribute-value.ts";

/** What a database lets its user do with its log. */
export interface LogFacts {
  /** `logical` is what is needed. */
  readonly walLevel: string;
  readonly isReplica: boolean;
  /** Slots that there may be, and those that there are. */
  readonly maximumSlots: number;
  readonly usedSlots: number;
  /** Whether the user may make slots. */
  readonly mayReplicate: boolean;
  /** Whether the user may make a schema in the database. */
  readonly mayCreate: boolean;
  readonly user: string;
}

/** A replication slot, as the server has it. */
export interface SlotFacts {
  readonly plugin: string;
  /** Whether it is of this database. */
  readonly isHere: boolean;
  /** Whether somebody reads it now. */
  readonly active: boolean;
  /** Whether it still has the log it needs: a server drops it past `max_slot_wal_keep_size`. */
  readonly lost: boolean;
}

/** A table, as far as its log and its documents are concerned. */
export interface SqlTableFacts {
  readonly kind: "table" | "partitioned" | "partition" | "other";
  /** `default` is its primary key; `nothing` makes every update and delete of a published table fail. */
  readonly replicaIdentity: "default" | "full" | "index" | "nothing";
  /** Unlogged and temporary tables are in no log. */
  readonly isLogged: boolean;
  /** Whether the user may publish it: only an owner may. */
  readonly isOwned: boolean;
  readonly mayRead: boolean;
  /** Whether row security hides rows from the user. */
  readonly hidesRows: boolean;
  /** @throws SyncError `PREREQUISITE_MISSING` where it has no key that names documents (not retryable) */
  readonly key: () => TableKey;
}

/**
 * The parts of a database that make up its log. Everything is idempotent.
 *
 * Every method throws SyncError `ENGINE_FAILED` when the database did not answer (retryable) and `QUERY_REFUSED` when it will
 * not (not retryable).
 */
export interface DatabaseAdmin {
  readLog(): Promise<LogFacts>;

  /** Makes our schema and its tables, and a publication of them where there is none of that name. */
  makePublication(publicationName: string): Promise<void>;

  /** Takes the publication away, and our schema with the last publication of ours. */
  dropPublication(publicationName: string): Promise<void>;

  /** @returns undefined where there is none */
  findSlot(slotName: string): Promise<SlotFacts | undefined>;

  /** Everything that commits after this returns is kept for the slot's reader. */
  makeSlot(slotName: string): Promise<void>;

  /** @returns `busy` while somebody reads it */
  dropSlot(slotName: string): Promise<"gone" | "busy">;

  /** @param tableName - `schema.table`. @returns undefined where there is none */
  findTable(tableName: string): Promise<SqlTableFacts | undefined>;

  /** Puts a table into a publication. */
  publish(publicationName: string, tableName: string): Promise<void>;

  /** Takes a table out of a publication; one that is not in it, or is gone, is left alone. */
  withdraw(publicationName: string, tableName: string): Promise<void>;

  /** The transactions that have written to a table and are open, by names that are never used again. */
  openWriters(tableName: string): Promise<readonly string[]>;

  /** Ends its connections. */
  end(): Promise<void>;
}
