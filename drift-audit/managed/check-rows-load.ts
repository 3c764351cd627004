import { compactAll } from "../../core/compact-segments.ts";
import { pipelinePatienceMillis } from "../../core/horizon.ts";
import type { ManagedDatabase } from "../../core/ports/managed-database.ts";
import { EXPORT_SHARD, PIPELINE_SHARD } from "../../core/sent-until.ts";
import type { ManagedGeneration, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { manifestOf } from "../audit-run.ts";
import { ingestSent } from "./ingest-sent.ts";
import { countSent, LONGEST_QUIET_MILLIS, type ManagedLoad, noteQuiet } from "./managed-load.ts";

/** A managed generation of a database's table. */
export interface RowsLoad {
  readonly table: TableDescriptor;
  readonly generation: ManagedGeneration;
  readonly database: ManagedDatabase;
  /** Stands for the export, which nobody can be asked about. */
  readonly exportArn: string;
}

/** Rows of a table that are counted to see whether all were sent; a larger one has to be quiet for longer. */
const MOST_COUNTED = 1_000_000;
/**
 * The export's rows lie in S3 before they are sent, gathered for up to two minutes and scanned for every 20 s, in parts that
 * do not wait for each other: a change may overtake rows of other parts.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/templates/rds-template.yaml`
 */
const GATHERING_MILLIS = 5 * 60 * 1000;

/**
 * Whether a managed pipeline of a database has loaded its export. It reads the log only after that, so it has once no more of
 * the export comes out for a while, and
 *
 * - the log is being read and the table holds no more rows than were sent, as an empty one does, or
 * - a change of the log has come out, and no more of the export for {@link GATHERING_MILLIS}, or
 * - nothing has come for {@link LONGEST_QUIET_MILLIS}: the audit tells what is missing.
 *
 * While nothing at all has come out of it, a pipeline may take its snapshot, for hours: that is no silence.
 */
export async function checkRowsLoad(
  deps: AuditDeps,
  { table, generation, database, exportArn }: RowsLoad,
  mayGoOn: () => boolean,
): Promise<ManagedLoad> {
  const { done, rows } = await ingestSent(deps, generation, mayGoOn);
  const place = manifestOf(deps, { table, generation });
  const quietMillis = await noteQuiet(deps, place, !done || rows > 0);
  if (quietMillis < pipelinePatienceMillis(generation.pipeline.collectSeconds * 1000, true)) return RUNNING;
  const positions = await deps.positions.positions(generation.generation, generation.indexUuid);
  const timeOf = (shard: string) => positions.find((position) => position.shard === shard)?.time;
  const exportTime = new Date(timeOf(EXPORT_SHARD) ?? deps.now()).toISOString();
  const loaded: ManagedLoad = { state: "done", exportArn, exportTime };
  if (timeOf(PIPELINE_SHARD) !== undefined && quietMillis >= GATHERING_MILLIS) return loaded;
  if (quietMillis >= LONGEST_QUIET_MILLIS && timeOf(EXPORT_SHARD) !== undefined) return loaded;
  const { kind } = await database.readerState(generation.pipeline.name);
  if (kind !== "reading" || !(await compactAll(place, mayGoOn))) return RUNNING;
  const sent = await countSent(place);
  if (sent > MOST_COUNTED || (await database.holdsMoreThan(sent))) return RUNNING;
  return loaded;
}

const RUNNING: ManagedLoad = { state: "running" };
