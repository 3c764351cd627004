import { createHash } from "node:crypto";
import {
  type ExportTask,
  ExportTaskAlreadyExistsFault,
  ExportTaskNotFoundFault,
  InvalidExportSourceStateFault,
  paginateDescribeExportTasks,
  type RDSClient,
  StartExportTaskCommand,
} from "@aws-sdk/client-rds";
import * as z from "zod";
import {
  type ClusterExports,
  exportFolder,
  exportOnly,
  NO_EXPORTS,
  type PlannedTask,
  planTask,
  taskOf,
  wantTable,
} from "../core/cluster-exports.ts";
import { SyncError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import type { ExportDataFile, ExportState, TableExport } from "../core/ports/table-export.ts";
import type { DatabaseEngine, SnapshotSettings } from "../core/source-descriptor.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";
import { stateLayout } from "../core/state-layout.ts";

export interface RdsExportDeps {
  readonly rds: RDSClient;
  readonly store: ObjectStore;
  /** The store's bucket, which the export role may write to. */
  readonly bucket: string;
  readonly settings: Extract<SnapshotSettings, { readonly kind: "cluster-export" }>;
  readonly engine: DatabaseEngine;
  readonly database: string;
  /** `schema.table`; of MySQL `database.table`. */
  readonly tableName: string;
  /** The table's columns as the catalog has them; undefined where the file's own types are enough. */
  readonly readColumns: () => Promise<readonly SqlColumn[] | undefined>;
  readonly now: Clock;
}

/** Tasks in progress that an account may have. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.Considerations.html */
const TASKS_AN_ACCOUNT = 5;
const LONGEST_UNKNOWN_MILLIS = 24 * 60 * 60 * 1000;
const MAXIMUM_TRIES = 10;
const BYTES_A_GIGABYTE = 1024 ** 3;
const EVERYTHING = Number.POSITIVE_INFINITY;

const tablesSchema = z.object({
  perTableStatus: z.array(
    z.object({ target: z.string(), status: z.string(), warningMessage: z.string().nullish() }),
  ),
});

/**
 * Exports an Aurora cluster's data to Parquet, without load on it: Aurora exports a clone.
 *
 * A cluster has one task at a time, so that all its tables share one: each notes that it is wanted, and whoever looks
 * first when the cluster is free plans a task for all that wait. A task is planned before it is started and started by
 * its name, so that a crash in between, and two who look at once, start one.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html
 */
export function makeRdsExport(deps: RdsExportDeps): TableExport {
  const { database, tableName, engine, now } = deps;
  const target = engine === "mysql" ? tableName : `${database}.${tableName}`;
  return {
    start: async ({ token }) => {
      const exportTime = now();
      await change(deps, (exports) => wantTable(exports, { token, target }));
      return { exportArn: `${deps.settings.clusterArn}/${token}`, exportTime };
    },
    find: async () => undefined,
    check: async (exportArn) => {
      const { exports } = await read(deps);
      const task = taskOf(exports, tokenOf(exportArn));
      if (task !== undefined) return toState(await lookAt(deps, task), task, now());
      await planNext(deps, exports);
      return { state: "running" };
    },
    files: async (exportArn) => {
      const task = taskOf((await read(deps)).exports, tokenOf(exportArn));
      if (task === undefined) throw failed("the cluster's export has expired", exportArn, undefined);
      await requireExported(deps, task, target);
      return listFiles(deps, task);
    },
  };
}

/** The cluster's own folder, beside those of tables. */
function folderOf({ settings }: RdsExportDeps): string {
  return stateLayout.clusterExports(settings.clusterArn);
}

function tokenOf(exportArn: string): string {
  return exportArn.slice(exportArn.lastIndexOf("/") + 1);
}

async function read(deps: RdsExportDeps): Promise<{ exports: ClusterExports; tag: string | undefined }> {
  const found = await deps.store.readTagged(`${folderOf(deps)}/tasks.json`);
  const exports: ClusterExports = found === undefined ? NO_EXPORTS : JSON.parse(found.text);
  return { exports, tag: found?.tag };
}

async function change(
  deps: RdsExportDeps,
  by: (exports: ClusterExports) => ClusterExports,
): Promise<ClusterExports> {
  for (let tries = 0; tries < MAXIMUM_TRIES; tries += 1) {
    const { exports, tag } = await read(deps);
    const changed = by(exports);
    if (changed === exports) return exports;
    if (await deps.store.replace(`${folderOf(deps)}/tasks.json`, JSON.stringify(changed), tag))
      return changed;
  }
  throw failed("what is wanted of the cluster was changed by others all the time", folderOf(deps), undefined);
}

/** Plans a task for all that waits, unless the cluster or the account is busy. */
async function planNext(deps: RdsExportDeps, exports: ClusterExports): Promise<void> {
  const last = exports.tasks.at(-1);
  // Planned and not started: whoever planned it may be gone.
  if (last !== undefined && !isForgotten(last, deps.now()) && (await lookAt(deps, last)) === undefined)
    return;
  const active = (await describe(deps.rds, {})).filter(isActive);
  const isBusy = active.some(({ SourceArn }) => SourceArn === deps.settings.clusterArn);
  if (isBusy || active.length >= TASKS_AN_ACCOUNT) return;
  const count = exports.tasks.length;
  const planned = await change(deps, (now) => {
    const isSame = now.tasks.length === count && now.tasks.at(-1)?.identifier === last?.identifier;
    return isSame && now.pending.length > 0 ? planTask(now, toIdentifier(now), deps.now()) : now;
  });
  const task = planned.tasks.at(-1);
  if (task !== undefined && task.identifier !== last?.identifier) await startTask(deps, task);
}

/** At most 60 letters, digits and single hyphens; never given twice. */
function toIdentifier({ pending }: ClusterExports): string {
  const tokens = pending.map(({ token }) => token).join(" ");
  return `trueup-${createHash("sha256").update(tokens).digest("hex").slice(0, 40)}`;
}

/** A task as RDS has it; one that it does not know is started. @returns undefined when it could not be yet */
async function lookAt(deps: RdsExportDeps, task: PlannedTask): Promise<ExportTask | undefined> {
  const [found] = await describe(deps.rds, { ExportTaskIdentifier: task.identifier });
  if (found === undefined && !isForgotten(task, deps.now())) await startTask(deps, task);
  return found;
}

/** What RDS has not heard of for so long is not started any more: it may have run, and been forgotten there. */
function isForgotten({ plannedAt }: PlannedTask, now: number): boolean {
  return now - plannedAt > LONGEST_UNKNOWN_MILLIS;
}

async function startTask(deps: RdsExportDeps, task: PlannedTask): Promise<void> {
  const { clusterArn, exportRoleArn, keyArn } = deps.settings;
  const only = exportOnly(task);
  try {
    await deps.rds.send(
      new StartExportTaskCommand({
        ExportTaskIdentifier: task.identifier,
        SourceArn: clusterArn,
        S3BucketName: deps.bucket,
        S3Prefix: folderOf(deps),
        IamRoleArn: exportRoleArn,
        KmsKeyId: keyArn,
        ...(only === undefined ? {} : { ExportOnly: [...only] }),
      }),
    );
  } catch (cause) {
    // Somebody else has started it, or another export of the cluster runs: it is looked at again.
    if (cause instanceof ExportTaskAlreadyExistsFault || cause instanceof InvalidExportSourceStateFault)
      return;
    throw failed("the cluster's export cannot be started", clusterArn, cause);
  }
}

async function describe(
  client: RDSClient,
  input: { readonly ExportTaskIdentifier?: string },
): Promise<readonly ExportTask[]> {
  try {
    const tasks: ExportTask[] = [];
    for await (const { ExportTasks = [] } of paginateDescribeExportTasks({ client }, input))
      tasks.push(...ExportTasks);
    return tasks;
  } catch (cause) {
    if (cause instanceof ExportTaskNotFoundFault) return [];
    throw failed("the cluster's exports cannot be listed", input.ExportTaskIdentifier ?? "all", cause);
  }
}

function isActive({ Status }: ExportTask): boolean {
  return Status === "STARTING" || Status === "IN_PROGRESS" || Status === "CANCELING";
}

function toState(task: ExportTask | undefined, planned: PlannedTask, now: number): ExportState {
  const { plannedAt } = planned;
  if (task === undefined && isForgotten(planned, now))
    return { state: "failed", cause: "RDS did not take the export in a day, or has forgotten it" };
  if (task === undefined || isActive(task)) return { state: "running" };
  const { Status, FailureCause, TaskEndTime, TotalExtractedDataInGB: gigabytes = 0 } = task;
  if (Status !== "COMPLETE")
    return { state: "failed", cause: `${Status}: ${FailureCause ?? "no reason given"}` };
  const read = { from: plannedAt, until: TaskEndTime?.getTime() ?? now };
  return { state: "done", billedBytes: gigabytes * BYTES_A_GIGABYTE, read };
}

/** A table that the user of the export may not read, or that is of an unknown kind, is skipped and only listed so. */
async function requireExported(
  deps: RdsExportDeps,
  { identifier }: PlannedTask,
  target: string,
): Promise<void> {
  const prefix = `${folderOf(deps)}/${identifier}/export_tables_info_`;
  const listed = await deps.store.list(prefix, EVERYTHING);
  const texts = await Promise.all(listed.map(({ key }) => deps.store.readText(key)));
  const tables = texts.flatMap((text) => tablesSchema.parse(JSON.parse(text ?? "{}")).perTableStatus);
  const table = tables.find((known) => known.target === target);
  if (table?.status === "COMPLETE") return;
  throw new SyncError("EXPORT_FAILED", "the cluster's export left the table out", {
    subject: `${target}: ${table?.warningMessage ?? table?.status ?? "not listed"}`,
    fix: "let the cluster's master user read the table, or set the source's `snapshot` to query",
    retryable: false,
  });
}

async function listFiles(
  deps: RdsExportDeps,
  { identifier }: PlannedTask,
): Promise<readonly ExportDataFile[]> {
  const folder = `${folderOf(deps)}/${identifier}/${exportFolder(deps.database, deps.tableName)}`;
  const columns = await deps.readColumns();
  const columnsKey = `${folderOf(deps)}/columns/${identifier}/${deps.tableName}.json`;
  if (columns !== undefined) await deps.store.writeText(columnsKey, JSON.stringify(columns));
  // Everything below is read: how files are named is subject to change.
  const listed = await deps.store.list(folder, EVERYTHING);
  return listed
    .filter(({ key }) => key.endsWith(".parquet"))
    .map(({ key }) => ({ bucket: deps.bucket, key, ...(columns === undefined ? {} : { columnsKey }) }));
}

function failed(what: string, subject: string, cause: unknown): SyncError {
  return new SyncError("EXPORT_FAILED", what, {
    subject: `${subject}, ${cause instanceof Error ? `${cause.name}: ${cause.message}` : "no reason given"}`,
    fix: "check the export role's rights on bucket and key, and the function's on the cluster",
    retryable: true,
    cause,
  });
}
