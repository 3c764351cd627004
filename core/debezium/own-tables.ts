import { OWN_SCHEMA } from "../source-descriptor.ts";

/** A table of ours in the source database: all of them are published, so that what is written there is in the log. */
export interface OwnTable {
  readonly name: string;
  /** Its columns, in SQL. */
  readonly columns: string;
}

/** Rows that re-reads write and find again in the log: how far the log had come when they read. */
const WATERMARK_TABLE: OwnTable = {
  name: `${OWN_SCHEMA}.watermark`,
  columns: "id text primary key, written_at timestamptz not null",
};

/** One row that the connector writes again and again, so that a quiet database's slot moves on. */
export const HEARTBEAT_TABLE: OwnTable = {
  name: `${OWN_SCHEMA}.heartbeat`,
  columns: "id int primary key, beaten_at timestamptz",
};

/**
 * Orders for the connector: incremental snapshots.
 *
 * @see https://debezium.io/documentation/reference/3.3/configuration/signalling.html the columns Debezium asks for
 */
export const SIGNAL_TABLE: OwnTable = {
  name: `${OWN_SCHEMA}.signal`,
  columns: "id varchar(42) primary key, type varchar(32) not null, data varchar(2048)",
};

export const OWN_TABLES: readonly OwnTable[] = [WATERMARK_TABLE, HEARTBEAT_TABLE, SIGNAL_TABLE];
