import { OWN_TABLES } from "../core/debezium/own-tables.ts";
import type { DatabaseAdmin, LogFacts, SlotFacts, SqlTableFacts } from "../core/ports/database-admin.ts";
import type { SqlRow, SqlSession } from "../core/ports/sql-session.ts";
import { OWN_SCHEMA } from "../core/source-descriptor.ts";
import { parseTableName, quoteName, quoteTable } from "../core/sql/names.ts";
import { parseColumns, READ_COLUMNS } from "../core/sql/read-columns.ts";
import { tableKeyOf } from "../core/sql/sql-column.ts";

/**
 * On RDS nobody is a superuser; there a role stands for the right to replicate.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.LogicalReplication.html
 */
const READ_LOG = `
select current_setting('wal_level'), pg_is_in_recovery(), current_setting('max_replication_slots'),
  (select count(*) from pg_replication_slots),
  (select rolsuper or rolreplication from pg_roles where rolname = current_user) or exists (
    select from pg_roles
    where rolname in ('rds_replication', 'rds_superuser') and pg_has_role(current_user, oid, 'member')
  ),
  has_database_privilege(current_database(), 'create'), current_user`;

const FIND_SLOT = `
select plugin, database = current_database(), active, coalesce(wal_status, '') = 'lost' or confirmed_flush_lsn is null
from pg_replication_slots where slot_name = $1`;

const FIND_TABLE = `
select c.relkind, c.relispartition, c.relreplident, c.relpersistence = 'p', pg_has_role(current_user, c.relowner, 'usage'),
  has_table_privilege(current_user, c.oid, 'select'), row_security_active(c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2`;

const IS_PUBLISHED = `
select from pg_publication_rel r
join pg_publication p on p.oid = r.prpubid
join pg_class c on c.oid = r.prrelid
join pg_namespace n on n.oid = c.relnamespace
where p.pubname = $1 and n.nspname = $2 and c.relname = $3`;

/** Of a partitioned table, writers lock the partition they write to. */
const OPEN_WRITERS = `
select distinct l.virtualtransaction || ' ' || l.pid
from pg_locks l
where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
  and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  and l.database = (select oid from pg_database where datname = current_database())
  and l.relation in (
    select $1::regclass union select relid from pg_partition_tree($1::regclass)
  )`;

/** Our publications' names begin so, in every environment. */
const OURS = "trueup\\_%";

/** Makes and takes away what a PostgreSQL's log is read by: publication, slot, our own tables. */
export function makePostgresAdmin(session: SqlSession): DatabaseAdmin {
  const { query } = session;
  return {
    readLog: async () => toLogFacts(await query(READ_LOG)),
    makePublication: (name) => makePublication(session, name),
    dropPublication: (name) => dropPublication(session, name),
    findSlot: async (name) => toSlotFacts(await query(FIND_SLOT, [name])),
    makeSlot: async (name) => {
      await query("select pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
    },
    dropSlot: (name) => dropSlot(session, name),
    findTable: (tableName) => findTable(session, tableName),
    publish: async (publicationName, tableName) => {
      if (await isPublished(session, publicationName, tableName)) return;
      await query(`alter publication ${quoteName(publicationName)} add table ${quoteTable(tableName)}`);
    },
    withdraw: async (publicationName, tableName) => {
      if (!(await isPublished(session, publicationName, tableName))) return;
      await query(`alter publication ${quoteName(publicationName)} drop table ${quoteTable(tableName)}`);
    },
    openWriters: async (tableName) => {
      const rows = await query(OPEN_WRITERS, [quoteTable(tableName)]);
      return rows.map(([writer]) => writer ?? "");
    },
    end: () => session.end(),
  };
}

/** Partitions appear as their root, so that a table partitioned anew stays one topic. */
async function makePublication({ transaction }: SqlSession, name: string): Promise<void> {
  await transaction(async (query) => {
    await query(`create schema if not exists ${quoteName(OWN_SCHEMA)}`);
    for (const table of OWN_TABLES)
      await query(`create table if not exists ${table.name} (${table.columns})`);
    const found = await query("select from pg_publication where pubname = $1", [name]);
    if (found.length > 0) return;
    const tables = OWN_TABLES.map((table) => table.name).join(", ");
    const options = "with (publish_via_partition_root = true)";
    await query(`create publication ${quoteName(name)} for table ${tables} ${options}`);
  });
}

async function dropPublication({ transaction }: SqlSession, name: string): Promise<void> {
  await transaction(async (query) => {
    await query(`drop publication if exists ${quoteName(name)}`);
    const others = await query(`select from pg_publication where pubname like '${OURS}'`);
    if (others.length === 0) await query(`drop schema if exists ${quoteName(OWN_SCHEMA)} cascade`);
  });
}

async function dropSlot({ query }: SqlSession, name: string): Promise<"gone" | "busy"> {
  const slot = toSlotFacts(await query(FIND_SLOT, [name]));
  if (slot === undefined) return "gone";
  if (slot.active) return "busy";
  await query("select pg_drop_replication_slot($1)", [name]);
  return "gone";
}

async function isPublished({ query }: SqlSession, publicationName: string, tableName: string) {
  const { schema, name } = parseTableName(tableName);
  return (await query(IS_PUBLISHED, [publicationName, schema, name])).length > 0;
}

async function findTable({ query }: SqlSession, tableName: string): Promise<SqlTableFacts | undefined> {
  const { schema, name } = parseTableName(tableName);
  const [row] = await query(FIND_TABLE, [schema, name]);
  if (row === undefined) return undefined;
  const columns = parseColumns(await query(READ_COLUMNS, [schema, name]));
  const [kind, isPartition, identity, isLogged, isOwned, mayRead, hidesRows] = row;
  return {
    kind: toKind(kind, isPartition),
    replicaIdentity: IDENTITIES[identity ?? ""] ?? "default",
    isLogged: isTrue(isLogged),
    isOwned: isTrue(isOwned),
    mayRead: isTrue(mayRead),
    hidesRows: isTrue(hidesRows),
    key: () => tableKeyOf(columns, tableName),
  };
}

/** @see https://www.postgresql.org/docs/current/catalog-pg-class.html `relreplident` */
const IDENTITIES: Readonly<Record<string, SqlTableFacts["replicaIdentity"]>> = {
  d: "default",
  f: "full",
  i: "index",
  n: "nothing",
};

function toKind(
  kind: string | null | undefined,
  isPartition: string | null | undefined,
): SqlTableFacts["kind"] {
  if (isTrue(isPartition)) return "partition";
  return kind === "r" ? "table" : kind === "p" ? "partitioned" : "other";
}

function toLogFacts([row = []]: readonly SqlRow[]): LogFacts {
  const [walLevel, isReplica, maximumSlots, usedSlots, mayReplicate, mayCreate, user] = row;
  return {
    walLevel: walLevel ?? "",
    isReplica: isTrue(isReplica),
    maximumSlots: Number(maximumSlots),
    usedSlots: Number(usedSlots),
    mayReplicate: isTrue(mayReplicate),
    mayCreate: isTrue(mayCreate),
    user: user ?? "",
  };
}

function toSlotFacts([row]: readonly SqlRow[]): SlotFacts | undefined {
  if (row === undefined) return undefined;
  const [plugin, isHere, active, lost] = row;
  return { plugin: plugin ?? "", isHere: isTrue(isHere), active: isTrue(active), lost: isTrue(lost) };
}

function isTrue(text: string | null | undefined): boolean {
  return text === "t" || text === "true";
}
