/** A table that an export of its cluster is wanted of. */
export interface WantedTable {
  /** The same token wants the same export. */
  readonly token: string;
  /** `database.schema.table` of PostgreSQL, `database.table` of MySQL. */
  readonly target: string;
}

/** An export task, which all tables that were wanted when it was planned share. */
export interface PlannedTask {
  readonly identifier: string;
  /** Epoch milliseconds: it was started after this, and so is what it exports. */
  readonly plannedAt: number;
  readonly wanted: readonly WantedTable[];
}

/** What is wanted and planned of one cluster: `exports/_clusters/<cluster>/tasks.json`. */
export interface ClusterExports {
  readonly pending: readonly WantedTable[];
  /** Oldest first. */
  readonly tasks: readonly PlannedTask[];
}

/** Tasks are remembered for longer than any workflow asks for one. */
const REMEMBERED_TASKS = 200;

export const NO_EXPORTS: ClusterExports = { pending: [], tasks: [] };

/** Notes that a table's export is wanted; the same object where it is known already. */
export function wantTable(exports: ClusterExports, wanted: WantedTable): ClusterExports {
  const isKnown =
    exports.pending.some(({ token }) => token === wanted.token) ||
    taskOf(exports, wanted.token) !== undefined;
  return isKnown ? exports : { ...exports, pending: [...exports.pending, wanted] };
}

/** The task that a token's table is in; undefined while it waits for the next one. */
export function taskOf({ tasks }: ClusterExports, token: string): PlannedTask | undefined {
  return tasks.find(({ wanted }) => wanted.some((table) => table.token === token));
}

/** Puts all that waits into one task. */
export function planTask(
  { pending, tasks }: ClusterExports,
  identifier: string,
  now: number,
): ClusterExports {
  const task: PlannedTask = { identifier, plannedAt: now, wanted: pending };
  return { pending: [], tasks: [...tasks, task].slice(-REMEMBERED_TASKS) };
}

const EXPORTABLE = /^[A-Za-z0-9$_.]+$/;

/**
 * What a task is told to export; undefined where a name has characters that only whole exports bear. A cluster is billed
 * as a whole either way.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.Considerations.html
 */
export function exportOnly({ wanted }: PlannedTask): readonly string[] | undefined {
  const targets = [...new Set(wanted.map(({ target }) => target))];
  return targets.every((target) => EXPORTABLE.test(target)) ? targets : undefined;
}

/** The folder of a table's files below the task's, where some characters of names are replaced. */
export function exportFolder(database: string, tableName: string): string {
  return `${database}/${tableName}/`.replaceAll(/[\\`" ]/g, "_");
}
