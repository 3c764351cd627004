import { randomUUID } from "node:crypto";
import { toReason } from "../to-reason.ts";
import { type ExportedTable, readExportedTables } from "./exported-table.ts";
import { writeParquet } from "./write-parquet.ts";

/** What an export task is asked for. */
export interface TaskRequest {
  readonly ExportTaskIdentifier: string;
  readonly SourceArn: string;
  readonly S3BucketName: string;
  readonly S3Prefix: string;
  readonly IamRoleArn: string;
  readonly KmsKeyId: string;
  readonly ExportOnly: readonly string[];
}

/** A task as DescribeExportTasks tells it. */
export interface ExportTaskFacts extends TaskRequest {
  readonly Status: "STARTING" | "COMPLETE" | "FAILED";
  readonly TaskStartTime: string;
  readonly TaskEndTime?: string;
  readonly FailureCause?: string;
}

/** A refusal by the code that RDS gives it. */
export interface TaskRefusal {
  readonly refused: string;
  readonly message: string;
}

export interface ExportTaskDeps {
  readonly put: (bucket: string, key: string, content: string | Uint8Array) => Promise<unknown>;
  /** A connection URL of a cluster's database; undefined where the cluster is not known. */
  readonly urlOf: (clusterArn: string) => string | undefined;
  readonly now: () => number;
}

export interface ExportTasks {
  begin(request: TaskRequest): ExportTaskFacts | TaskRefusal;
  list(identifier: string | undefined): readonly ExportTaskFacts[];
}

const TASKS_AN_ACCOUNT = 5;

/** Export tasks of clusters, kept in memory. One runs a cluster, five an account. */
export function makeExportTasks(deps: ExportTaskDeps): ExportTasks {
  const tasks = new Map<string, ExportTaskFacts>();
  return {
    list: (identifier) =>
      [...tasks.values()].filter(
        (task) => identifier === undefined || task.ExportTaskIdentifier === identifier,
      ),
    begin: (request) => {
      const { ExportTaskIdentifier: identifier, SourceArn } = request;
      const url = deps.urlOf(SourceArn);
      if (url === undefined)
        return { refused: "DBClusterNotFoundFault", message: `${SourceArn} is not known` };
      const running = [...tasks.values()].filter(({ Status }) => Status === "STARTING");
      const isTaken = tasks.has(identifier) || running.some((task) => task.SourceArn === SourceArn);
      if (isTaken) return { refused: "ExportTaskAlreadyExists", message: `${identifier} already exists` };
      if (running.length >= TASKS_AN_ACCOUNT)
        return { refused: "InvalidExportSourceState", message: "five export tasks are in progress" };
      const begun: ExportTaskFacts = { ...request, Status: "STARTING", TaskStartTime: toTime(deps) };
      tasks.set(identifier, begun);
      void write(deps, url, begun)
        .then(() => tasks.set(identifier, { ...begun, Status: "COMPLETE", TaskEndTime: toTime(deps) }))
        .catch((cause: unknown) =>
          tasks.set(identifier, {
            ...begun,
            Status: "FAILED",
            FailureCause: toReason(cause),
            TaskEndTime: toTime(deps),
          }),
        );
      return begun;
    },
  };
}

function toTime({ now }: ExportTaskDeps): string {
  return new Date(now()).toISOString();
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.Considerations.html file names */
async function write({ put }: ExportTaskDeps, url: string, task: ExportTaskFacts): Promise<void> {
  const { ExportTaskIdentifier: identifier, S3BucketName: bucket, S3Prefix, ExportOnly } = task;
  const folder = `${S3Prefix === "" ? "" : `${S3Prefix}/`}${identifier}`;
  const database = new URL(url).pathname.slice(1);
  const wanted = new Set(ExportOnly);
  const isWanted = (name: string) => wanted.size === 0 || wanted.has(`${database}.${name}`);
  const tables = await readExportedTables(url, isWanted);
  for (const table of tables) {
    const place = `${folder}/${database}/${table.name}/1`;
    if (table.rows.length > 0)
      await put(bucket, `${place}/part-00000-${randomUUID()}-c000.gz.parquet`, await writeParquet(table));
    await put(bucket, `${place}/_success`, "");
  }
  const perTableStatus = tables.map((table) => toStatus(database, table));
  const count = perTableStatus.length;
  await put(
    bucket,
    `${folder}/export_tables_info_${identifier}_from_1_to_${count}.json`,
    JSON.stringify({ perTableStatus }),
  );
  const summary = {
    exportTaskIdentifier: identifier,
    sourceArn: task.SourceArn,
    status: "COMPLETE",
    exportOnly: ExportOnly,
  };
  await put(bucket, `${folder}/export_info_${identifier}.json`, JSON.stringify(summary));
}

function toStatus(database: string, { name }: ExportedTable): object {
  return { target: `${database}.${name}`, status: "COMPLETE", warningMessage: null };
}
