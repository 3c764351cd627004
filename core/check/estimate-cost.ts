import { describePrice, exportCost, HOURS_A_MONTH, type Price, prices, toGigabytes } from "../prices.ts";
import { neededServices } from "./check-network.ts";
import type { DeclaredGeneration, DeclaredStack, DeclaredTable } from "./declared-stack.ts";
import { RATES, type TableSize } from "./estimate-duration.ts";
import { runsAMonth } from "./runs-a-month.ts";

/** One line of an estimate. */
export interface CostLine {
  /** The table, or `(environment)`. */
  readonly of: string;
  readonly item: string;
  readonly per: "month" | "build" | "full audit" | "incremental audit" | "million changes";
  readonly dollars: number;
  /** How much of what it is, and at what price. */
  readonly basis: string;
}

const MEGABYTES = 1769;
const GIGABYTES_OF_MEMORY = MEGABYTES / 1024;
/** How often a pipeline asks each shard. @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/ShardConsumer.java` */
const READS_A_SECOND = 1 / 0.3;
const SECONDS_AN_HOUR = 3600;
/** Of a consumer: changes an invocation, and how long one takes. Assumed: a busy table's are larger, a quiet one's smaller. */
const CHANGES_AN_INVOCATION = 100;
const SECONDS_AN_INVOCATION = 0.1;
/** Of an audit, beside two for each bucket and file. */
const STEPS_AN_AUDIT = 60;

/** What a table costs by the month, by the build and by the audit. @param shards - open ones of its stream */
export function tableCosts(table: DeclaredTable, size: TableSize, shards: number): readonly CostLine[] {
  const of = table.table;
  return [
    line(of, "point-in-time recovery", "month", toGigabytes(size.bytes), "GB", prices.recovery),
    ...auditCosts(table, size),
    ...table.generations.flatMap((generation) => generationCosts(of, generation, size, shards)),
  ];
}

/** What the environment itself costs by the month, beside a domain. */
export function environmentCosts(stack: DeclaredStack): readonly CostLine[] {
  const { network } = stack;
  if (network?.endpoints !== "create") return [];
  const interfaces = neededServices(stack, network).filter((name) => name !== "s3" && name !== "dynamodb");
  const hours = interfaces.length * network.subnetIds.length * HOURS_A_MONTH;
  return [line("(environment)", "interface endpoints", "month", hours, "h", prices.interfaceEndpoint)];
}

function auditCosts({ table, audit, manifestBuckets }: DeclaredTable, size: TableSize): readonly CostLine[] {
  const full = exportCost("full", size.bytes).dollars + workOfAudit(size, manifestBuckets);
  const incremental =
    exportCost("incremental", 0).dollars + workOfAudit({ bytes: 0, records: 0 }, manifestBuckets);
  const runs = runsAMonth(audit.schedule);
  const basis = `export of ${toGigabytes(size.bytes).toFixed(2)} GB at ${describePrice(prices.fullExport)}, functions, steps`;
  const lines: readonly CostLine[] = [
    { of: table, item: "full audit", per: "full audit", dollars: full, basis },
    {
      of: table,
      item: "incremental audit",
      per: "incremental audit",
      dollars: incremental,
      basis: "at least; it costs what changed",
    },
  ];
  if (runs === undefined) return lines;
  const fulls = fullAudits(runs, audit.fullEveryDays);
  const monthly = fulls * full + (runs - fulls) * incremental;
  const times = `${fulls.toFixed(1)} full and ${(runs - fulls).toFixed(1)} incremental ones by ${audit.schedule}`;
  return [...lines, { of: table, item: "audits", per: "month", dollars: monthly, basis: times }];
}

/** An incremental export reaches back a day at the most: audits that far apart are all full. */
function fullAudits(runs: number, fullEveryDays: number): number {
  const days = HOURS_A_MONTH / 24;
  return runs <= days ? runs : Math.min(runs, days / fullEveryDays);
}

function workOfAudit({ records }: TableSize, buckets: number): number {
  const seconds = (records / RATES.auditRecordsASecond) * GIGABYTES_OF_MEMORY;
  const steps = (STEPS_AN_AUDIT + 4 * buckets) / 1000;
  return seconds * prices.functionSecond.dollars + steps * prices.workflowSteps.dollars;
}

function generationCosts(
  of: string,
  { generation, pipeline }: DeclaredGeneration,
  size: TableSize,
  shards: number,
): readonly CostLine[] {
  const exported = line(
    of,
    `${generation}: export`,
    "build",
    toGigabytes(size.bytes),
    "GB",
    prices.fullExport,
  );
  if (pipeline === undefined) return [exported, ...customCosts(of, generation, size)];
  const hours = pipeline.minimumUnits * HOURS_A_MONTH;
  const reads = (shards * READS_A_SECOND * HOURS_A_MONTH * SECONDS_AN_HOUR) / 100_000;
  const puts = (HOURS_A_MONTH * SECONDS_AN_HOUR) / pipeline.collectSeconds / 1000;
  return [
    exported,
    line(
      of,
      `${generation}: pipeline, ${pipeline.minimumUnits} unit(s)`,
      "month",
      hours,
      "h",
      prices.pipelineUnit,
    ),
    line(of, `${generation}: stream reads`, "month", reads, "x 100,000", prices.streamReads),
    line(of, `${generation}: manifest, at most`, "month", puts, "x 1,000", prices.objectPuts),
  ];
}

function customCosts(of: string, generation: string, { records }: TableSize): readonly CostLine[] {
  const loading = (records / RATES.loaderDocumentsASecond) * GIGABYTES_OF_MEMORY;
  const invocations = 1_000_000 / CHANGES_AN_INVOCATION;
  const seconds = invocations * SECONDS_AN_INVOCATION * GIGABYTES_OF_MEMORY;
  const dollars =
    seconds * prices.functionSecond.dollars +
    (invocations / 1_000_000) * prices.functionRequests.dollars +
    (invocations / 1000) * prices.objectPuts.dollars;
  const basis = `assumed: ${CHANGES_AN_INVOCATION} changes an invocation of ${SECONDS_AN_INVOCATION} s, a manifest object each`;
  return [
    line(of, `${generation}: loaders`, "build", loading, "GB-s", prices.functionSecond),
    { of, item: `${generation}: consumer`, per: "million changes", dollars, basis },
  ];
}

function line(
  of: string,
  item: string,
  per: CostLine["per"],
  amount: number,
  unit: string,
  one: Price,
): CostLine {
  const basis = `${amount.toLocaleString("en", { maximumFractionDigits: 2 })} ${unit} at ${describePrice(one)}`;
  return { of, item, per, dollars: amount * one.dollars, basis };
}
