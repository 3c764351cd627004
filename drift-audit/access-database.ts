import { randomUUID } from "node:crypto";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RoleCredentials } from "../adapters/assume-role.ts";
import { makeKafkaLog } from "../adapters/kafka-log.ts";
import { makeMskToken } from "../adapters/msk-token.ts";
import { makePostgresColumns } from "../adapters/postgres-columns.ts";
import { makePostgres } from "../adapters/postgres-connection.ts";
import { makePostgresExport } from "../adapters/postgres-export.ts";
import { makePostgresReader } from "../adapters/postgres-reader.ts";
import { readSlot } from "../adapters/postgres-slot.ts";
import { writeWatermark } from "../adapters/postgres-watermark.ts";
import { makeRdsExport } from "../adapters/rds-export.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeReadUser, type ReadUser } from "../adapters/secret-reader.ts";
import { makeIncrementalSnapshots } from "../core/debezium/incremental-snapshots.ts";
import { SyncError } from "../core/errors.ts";
import type { LogHorizon } from "../core/ports/log-horizon.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import type { SqlSession } from "../core/ports/sql-session.ts";
import type { TableExport } from "../core/ports/table-export.ts";
import { type SqlTable, topicOf } from "../core/source-descriptor.ts";
import type { AuditAccess } from "./audit-deps.ts";

export interface DatabaseAccess {
  readonly table: string;
  readonly source: SqlTable;
  /** Of the table's role: it may read the database's secret and write what is read of the table. */
  readonly credentials: RoleCredentials;
  /** The state bucket, under the function's own role, which reads it. */
  readonly store: ObjectStore;
  readonly bucket: string;
}

/** What is shared by all that reaches one database. */
interface Reached extends DatabaseAccess {
  readonly readUser: ReadUser;
  readonly primary: SqlSession;
}

/**
 * Reaches one table of a PostgreSQL.
 *
 * @throws SyncError `PREREQUISITE_MISSING` for another kind of database (not retryable)
 */
export function accessDatabase(
  access: DatabaseAccess,
): Pick<AuditAccess, "exports" | "horizon" | "source" | "snapshots"> {
  const { source, credentials, table } = access;
  if (source.connection.engine !== "postgresql") throw unreadable(source);
  const readUser = makeReadUser(new SecretsManagerClient({ credentials }));
  const primary = makePostgres(source.connection, readUser);
  const reached = { ...access, readUser, primary };
  const options = { tableName: source.tableName, watermarkId: `audit-${table}`, now: Date.now };
  return {
    exports: exportsOf(reached),
    horizon: horizonOf(reached),
    source: makePostgresReader(primary, options),
    ...snapshotsOf(reached),
  };
}

function exportsOf({ source, credentials, store, bucket, primary, readUser }: Reached): TableExport {
  const { snapshot, connection, tableName } = source;
  const own = makeS3ObjectStore(new S3Client({ credentials }), bucket);
  const { writeText, writeParts, replace } = own;
  // Columns are read anew for every export: the table may have others by now.
  const shared = {
    store: { ...store, writeText, writeParts, replace },
    bucket,
    tableName,
    readColumns: () => makePostgresColumns(primary).read(tableName),
    now: Date.now,
  };
  if (snapshot.kind === "cluster-export") {
    const { engine, database } = connection;
    return makeRdsExport({
      ...shared,
      rds: new RDSClient({ credentials }),
      settings: snapshot,
      engine,
      database,
    });
  }
  const place = snapshot.replica ?? connection;
  const reader =
    snapshot.replica === undefined ? primary : makePostgres({ ...connection, ...snapshot.replica }, readUser);
  const readerName = `${place.host}:${place.port}`;
  return makePostgresExport({ ...shared, primary, reader, readerName, newName: randomUUID });
}

function horizonOf({ table, source, credentials, primary, readUser }: Reached): LogHorizon {
  const { log } = source;
  if (log === undefined) return { kind: "log", mark: noLog, connector: noLog, partitions: noLog };
  const topics = makeKafkaLog(log.kafka, readUser, makeMskToken(credentials, Date.now));
  return {
    kind: "log",
    mark: () => writeWatermark(primary, `audit-horizon-${table}`),
    connector: () => readSlot(primary, log.slotName),
    partitions: () => topics.partitions(topicOf(log, source.tableName)),
  };
}

function snapshotsOf({ source, credentials, primary, readUser }: Reached): Pick<AuditAccess, "snapshots"> {
  const { log, tableName } = source;
  if (log === undefined) return {};
  const topics = makeKafkaLog(log.kafka, readUser, makeMskToken(credentials, Date.now));
  const { topicPrefix } = log;
  return { snapshots: makeIncrementalSnapshots({ session: primary, topics, topicPrefix, tableName }) };
}

async function noLog(): Promise<never> {
  throw new SyncError("PREREQUISITE_MISSING", "nothing brings the database's changes to a consumer of ours", {
    subject: "no log is declared",
    fix: "give the source `kafka` and `connect`, or audit a managed generation",
    retryable: false,
  });
}

function unreadable({ sourceName, connection }: SqlTable): SyncError {
  return new SyncError("PREREQUISITE_MISSING", "tables of this kind of database cannot be read by an audit", {
    subject: `${sourceName}, ${connection.engine}`,
    fix: "take the source out of the configuration, or move it to PostgreSQL",
    retryable: false,
  });
}
