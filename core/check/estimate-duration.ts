import type { DeclaredGeneration, DeclaredTable } from "./declared-stack.ts";

/**
 * What durations are reckoned with. Assumptions, not promises: AWS states no rate for an export, and how fast an
 * index takes documents is the cluster's to say.
 */
export const RATES = {
  /** An export's minutes that do not depend on its size. */
  exportMinutes: 5,
  exportBytesASecond: 100 * 1024 ** 2,
  /**
   * Half of what AWS names for a pipeline of one source and one simple processor.
   *
   * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-scaling.html
   */
  pipelineBytesASecondAndUnit: 1024 ** 2,
  /** An eighth of what one loader does on the machine of `docs/benchmarks.md`, whose index has the same two cores. */
  loaderDocumentsASecond: 5_000,
  /** A cluster's share, whatever the number of loaders. */
  clusterDocumentsASecond: 20_000,
  /** Half of what `docs/benchmarks.md` measured on one core. */
  auditRecordsASecond: 100_000,
} as const;

/** How large a table is. */
export interface TableSize {
  readonly bytes: number;
  readonly records: number;
}

/** The assumptions of {@link RATES} in words. */
export function describeRates(): readonly string[] {
  const { exportMinutes, exportBytesASecond, pipelineBytesASecondAndUnit } = RATES;
  return [
    `an export takes ${exportMinutes} min and its size at ${exportBytesASecond / 1024 ** 2} MiB/s (assumed; AWS states no rate)`,
    `a pipeline loads ${pipelineBytesASecondAndUnit / 1024 ** 2} MiB/s a unit (half of what AWS names for logs)`,
    `a loader writes ${RATES.loaderDocumentsASecond.toLocaleString("en")} documents/s, the cluster takes ${RATES.clusterDocumentsASecond.toLocaleString("en")} (assumed from docs/benchmarks.md)`,
    `an audit reads ${RATES.auditRecordsASecond.toLocaleString("en")} records/s (half of docs/benchmarks.md)`,
  ];
}

/** Minutes until a generation's export is in its index. */
export function loadMinutes(
  generation: DeclaredGeneration,
  { maximumLoaders }: Pick<DeclaredTable, "maximumLoaders">,
  size: TableSize,
): number {
  return exportMinutes(size) + writeSeconds(generation, maximumLoaders, size) / 60;
}

/** Minutes until a generation may serve: loaded, and audited in full. */
export function buildMinutes(
  generation: DeclaredGeneration,
  table: Pick<DeclaredTable, "maximumLoaders">,
  size: TableSize,
): number {
  const audit = exportMinutes(size) + size.records / RATES.auditRecordsASecond / 60;
  return loadMinutes(generation, table, size) + audit;
}

function exportMinutes({ bytes }: TableSize): number {
  return RATES.exportMinutes + bytes / RATES.exportBytesASecond / 60;
}

function writeSeconds({ pipeline }: DeclaredGeneration, maximumLoaders: number, size: TableSize): number {
  if (pipeline !== undefined) {
    return size.bytes / (RATES.pipelineBytesASecondAndUnit * pipeline.maximumUnits);
  }
  const loaders = maximumLoaders * RATES.loaderDocumentsASecond;
  return size.records / Math.min(loaders, RATES.clusterDocumentsASecond);
}
