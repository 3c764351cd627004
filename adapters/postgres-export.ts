import { SyncError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import type { SqlQuery, SqlRow, SqlSession } from "../core/ports/sql-session.ts";
import type { ExportState, TableExport } from "../core/ports/table-export.ts";
import { DataFileLines, type SnapshotProgress } from "../core/snapshot-progress.ts";
import { fromText } from "../core/sql/from-text.ts";
import { FIRST_PAGE_ROWS, nextPageRows, queryPage } from "../core/sql/snapshot-page.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";

export interface PostgresExportDeps {
  /** `schema.table`. */
  readonly tableName: string;
  /** The database's writer. */
  readonly primary: Pick<SqlSession, "query">;
  /** Where rows are read: a replica, or the writer. */
  readonly reader: Pick<SqlSession, "transaction">;
  /** The reader's name, for messages. */
  readonly readerName: string;
  /** The table's columns as they are now, those of the key first. */
  readonly readColumns: () => Promise<readonly SqlColumn[]>;
  readonly store: ObjectStore;
  /** The store's bucket. */
  readonly bucket: string;
  readonly now: Clock;
  /** A name never given before. */
  readonly newName: () => string;
}

/** A replica that is behind for longer than this is not going to catch up. */
const LONGEST_BEHIND_MILLIS = 60 * 60 * 1000;

const READ_ANCHOR =
  "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint, pg_current_wal_insert_lsn() - '0/0'::pg_lsn";
/** Not in recovery: the writer, which has what it has committed. */
const READ_REPLAYED =
  "select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text else 'all' end";

/**
 * Reads a PostgreSQL table into data files of a DynamoDB export's kind, page by page in the order of its key.
 *
 * Every page is a short transaction of its own: no snapshot is held, and a replica cancels nothing. Before each, the
 * replica has to have replayed what the writer had committed when the export was started, and so, before that, what
 * any slot has confirmed. Each look reads for as long as it may; a file that was written is not read again. Memory: one
 * page and one file's lines.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
 */
export function makePostgresExport(deps: PostgresExportDeps): TableExport {
  const { store } = deps;
  return {
    start: async ({ prefix, token }) => {
      const exportArn = `${prefix}/${token}`;
      const known = await store.readTagged(progressKey(exportArn));
      if (known !== undefined) return { exportArn, exportTime: parse(known.text).exportTime };
      const [[time = null, lsn = null] = []] = await deps.primary.query(READ_ANCHOR);
      const progress: SnapshotProgress = { exportTime: Number(time), anchorLsn: String(lsn), files: [] };
      const isFirst = await store.replace(progressKey(exportArn), JSON.stringify(progress), undefined);
      if (isFirst) return { exportArn, exportTime: progress.exportTime };
      return { exportArn, exportTime: (await read(store, exportArn)).progress.exportTime };
    },
    find: async () => undefined,
    check: (exportArn, mayGoOn) => goOn(deps, exportArn, mayGoOn),
    files: async (exportArn) => (await read(store, exportArn)).progress.files,
  };
}

async function goOn(
  deps: PostgresExportDeps,
  exportArn: string,
  mayGoOn: () => boolean,
): Promise<ExportState> {
  let { progress, tag } = await read(deps.store, exportArn);
  const columns = progress.readUntil === undefined ? await deps.readColumns() : [];
  while (progress.readUntil === undefined) {
    const next = await readFile(deps, exportArn, progress, columns, mayGoOn);
    const isLate = deps.now() - (next.behindSince ?? deps.now()) > LONGEST_BEHIND_MILLIS;
    if (isLate) return { state: "failed", cause: behind(deps.readerName, progress.anchorLsn) };
    // Somebody else who looked at the same time was faster: the files are theirs.
    if (!(await deps.store.replace(progressKey(exportArn), JSON.stringify(next), tag)))
      return { state: "running" };
    if (next.readUntil === undefined && (next.behindSince !== undefined || !mayGoOn()))
      return { state: "running" };
    ({ progress, tag } = await read(deps.store, exportArn));
  }
  const items = progress.files.reduce((sum, file) => sum + (file.items ?? 0), 0);
  return {
    state: "done",
    items,
    billedBytes: 0,
    read: { from: progress.exportTime, until: progress.readUntil },
  };
}

/** Reads the rows of one data file, or of what is left of the time. */
async function readFile(
  deps: PostgresExportDeps,
  exportArn: string,
  { behindSince, ...progress }: SnapshotProgress,
  columns: readonly SqlColumn[],
  mayGoOn: () => boolean,
): Promise<SnapshotProgress> {
  const lines = new DataFileLines();
  let { after } = progress;
  let limit = FIRST_PAGE_ROWS;
  let [isBehind, isEnd] = [false, false];
  do {
    const page = queryPage(deps.tableName, columns, after, limit);
    const rows = await deps.reader.transaction(async (query) => {
      isBehind = !(await hasReplayed(query, progress.anchorLsn));
      return isBehind ? [] : query(page.statement, page.values);
    });
    if (isBehind) break;
    const before = lines.characters;
    for (const row of rows) lines.add(JSON.stringify({ Item: toItem(row, columns) }));
    after = keyOf(rows.at(-1), columns) ?? after;
    isEnd = rows.length < limit;
    limit = nextPageRows({ rows: rows.length, characters: lines.characters - before });
  } while (!isEnd && !lines.isFull && mayGoOn());
  const files = [...progress.files];
  if (lines.count > 0) {
    const key = `${exportArn}/data/${String(files.length).padStart(6, "0")}-${deps.newName()}.json.gz`;
    await deps.store.writeParts(key, lines.parts());
    files.push({ bucket: deps.bucket, key, items: lines.count });
  }
  return {
    ...progress,
    ...(after === undefined ? {} : { after }),
    files,
    ...(isEnd ? { readUntil: deps.now() } : {}),
    ...(isBehind ? { behindSince: behindSince ?? deps.now() } : {}),
  };
}

async function hasReplayed(query: SqlQuery, anchorLsn: string): Promise<boolean> {
  const [[replayed = null] = []] = await query(READ_REPLAYED);
  if (replayed === null) throw unknownReplay();
  return replayed === "all" || BigInt(replayed) >= BigInt(anchorLsn);
}

function toItem(row: SqlRow, columns: readonly SqlColumn[]) {
  return Object.fromEntries(
    columns.map(({ name, type }, place) => [name, fromText(row[place] ?? null, type)]),
  );
}

/** A key is never NULL, and its columns come first. */
function keyOf(row: SqlRow | undefined, columns: readonly SqlColumn[]): readonly string[] | undefined {
  return row?.slice(0, columns.filter(({ isKey }) => isKey).length).map((text) => text ?? "");
}

function progressKey(exportArn: string): string {
  return `${exportArn}/progress.json`;
}

function parse(text: string): SnapshotProgress {
  return JSON.parse(text);
}

async function read(store: ObjectStore, exportArn: string) {
  const found = await store.readTagged(progressKey(exportArn));
  if (found !== undefined) return { progress: parse(found.text), tag: found.tag };
  throw new SyncError("EXPORT_FAILED", "the reading of a table was never begun, or has expired", {
    subject: exportArn,
    fix: "audit again, or start the build again with `pulumi up`",
    retryable: false,
  });
}

function behind(readerName: string, anchorLsn: string): string {
  const hour = LONGEST_BEHIND_MILLIS / 3_600_000;
  return `replica ${readerName} has not replayed what the writer had committed (LSN ${anchorLsn}) for ${hour} h`;
}

function unknownReplay(): SyncError {
  return new SyncError("PREREQUISITE_MISSING", "a replica does not tell how far it has replayed", {
    subject: "pg_last_wal_replay_lsn() is null",
    fix: "name a streaming replica, leave `replica` out, or use the cluster's exports on Aurora",
    retryable: false,
  });
}
