import type { StackClient } from "../../cli/stack-client.ts";
import type { AuditReport, DriftKind } from "../../core/audit-report.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { GenerationStatus } from "../../core/table-status.ts";
import type { DelayNow } from "./delay-window.ts";

/** What the page shows of one table. */
export interface TableView {
  readonly table: string;
  readonly alias: string;
  /** Where its records come from, in words. */
  readonly source: string;
  readonly serving?: string;
  readonly generations: readonly GenerationView[];
  readonly audit?: AuditView;
}

/** One generation; `delay` is absent where nothing was indexed for a minute. */
export interface GenerationView
  extends Pick<GenerationStatus, "generation" | "phase" | "documents" | "lagSeconds" | "deadLetters"> {
  readonly isServing: boolean;
  readonly blockedBy?: string;
  readonly delay?: DelayNow;
}

/** The newest audit of a table. */
export interface AuditView {
  readonly run: string;
  readonly finishedAt: string;
  readonly records: number;
  readonly drift: Readonly<Record<DriftKind, number>>;
  readonly repaired: number;
  readonly remaining: number;
}

export interface PageViewDeps {
  readonly client: Pick<StackClient, "descriptor" | "status">;
  readonly readDelays: () => Promise<ReadonlyMap<string, DelayNow>>;
  readonly readAudit: (table: string) => Promise<AuditReport | undefined>;
}

/** Reads what the page shows of every table. @throws SyncError where the stack does not answer */
export async function readView(deps: PageViewDeps): Promise<readonly TableView[]> {
  const delays = await deps.readDelays();
  const tables = Object.values(deps.client.descriptor.tables);
  return Promise.all(tables.map((table) => readTable(deps, table, delays)));
}

async function readTable(
  { client, readAudit }: PageViewDeps,
  table: TableDescriptor,
  delays: ReadonlyMap<string, DelayNow>,
): Promise<TableView> {
  const [status, report] = await Promise.all([client.status(table), readAudit(table.table)]);
  return {
    table: table.table,
    alias: table.alias,
    source: describeSource(table),
    ...(status.serving === undefined ? {} : { serving: status.serving }),
    generations: status.generations.map((one) => toGeneration(one, status.serving, delays)),
    ...(report === undefined ? {} : { audit: toAudit(report) }),
  };
}

function describeSource({ source }: TableDescriptor): string {
  return source.kind === "dynamodb"
    ? `DynamoDB ${source.tableName}`
    : `${source.sourceName}: ${source.tableName}`;
}

function toGeneration(
  status: GenerationStatus,
  serving: string | undefined,
  delays: ReadonlyMap<string, DelayNow>,
): GenerationView {
  const { generation, phase, documents, lagSeconds, deadLetters, blockedBy } = status;
  const delay = delays.get(generation);
  return {
    generation,
    phase,
    documents,
    deadLetters,
    isServing: generation === serving,
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(blockedBy === undefined ? {} : { blockedBy }),
    ...(delay === undefined ? {} : { delay }),
  };
}

function toAudit({ run, finishedAt, compared, drift, repaired, remaining }: AuditReport): AuditView {
  const { missing, stale, orphaned, altered } = drift;
  return {
    run,
    finishedAt,
    records: compared.records,
    drift: {
      missing: missing.count,
      stale: stale.count,
      orphaned: orphaned.count,
      altered: altered.count,
    },
    repaired,
    remaining,
  };
}
