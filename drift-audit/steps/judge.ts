import type { AuditedIndex, AuditPlan, FingerprintedFile, ShardListing } from "../../core/audit-plan.ts";
import {
  type AuditReport,
  type Drift,
  type DriftCount,
  type DriftKind,
  driftKinds,
} from "../../core/audit-report.ts";
import { judgeBreaker } from "../../core/breaker.ts";
import { differingFields } from "../../core/differing-fields.ts";
import { toDocumentText } from "../../core/document.ts";
import type { Finding } from "../../core/finding.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";
import { readCompared } from "./check-counts.ts";
import type { ComparedBucket } from "./compare.ts";

/** What was found and whether it may be repaired: `verdict.json`. */
export type Verdict = Pick<
  AuditReport,
  "compared" | "drift" | "examples" | "ambiguous" | "notJudged" | "breaker"
>;

const MAXIMUM_IDS = 1_000;
const EXAMPLES_A_KIND = 5;

/** Counts what was found, decides whether it may be repaired, and looks closely at a few examples. */
export async function judgeFindings(
  deps: AuditDeps,
  { table, run }: StepOf<"judge">,
): Promise<{ readonly repair: boolean }> {
  const folder = new AuditRun(deps.store, table, run);
  const plan = await folder.plan();
  const compared = await readCompared(folder, plan);
  const findings = compared.flatMap((bucket) => bucket.findings);
  const drift = countKinds(findings);
  const counts = await countCompared(folder, compared);
  const total = driftKinds.reduce((sum, kind) => sum + drift[kind].count, 0);
  const breaker = judgeBreaker(
    {
      kind: plan.kind,
      drift: total,
      records: counts.records,
      manifestDocuments: compared.reduce((sum, { manifestDocuments }) => sum + manifestDocuments, 0),
      formerRecords: await readFormerRecords(deps, plan),
      gap: plan.gap ?? (await folder.find<string>("gap.json")),
    },
    plan.table.audit.breaker,
  );
  const verdict: Verdict = {
    compared: counts,
    drift,
    examples: await explain(deps, plan, toExamples(findings)),
    ambiguous: findings.filter(({ kind }) => kind === "ambiguous").length,
    notJudged: compared.reduce((sum, { notJudged }) => sum + notJudged, 0),
    breaker,
  };
  await folder.write("verdict.json", verdict);
  return { repair: breaker.state === "closed" && findings.length > 0 };
}

function countKinds(findings: readonly Finding[]): Record<DriftKind, DriftCount> {
  const ofKind = (kind: DriftKind): DriftCount => {
    const ids = [...new Set(findings.filter((finding) => finding.kind === kind).map(({ id }) => id))].sort();
    return { count: ids.length, ids: ids.slice(0, MAXIMUM_IDS) };
  };
  const [missing, stale, orphaned, altered] = driftKinds.map(ofKind);
  const none: DriftCount = { count: 0, ids: [] };
  return {
    missing: missing ?? none,
    stale: stale ?? none,
    orphaned: orphaned ?? none,
    altered: altered ?? none,
  };
}

async function countCompared(
  folder: AuditRun,
  compared: readonly ComparedBucket[],
): Promise<Verdict["compared"]> {
  const { records } = await folder.read<FingerprintedFile>("fingerprints.json");
  const index = await folder.find<AuditedIndex>("index.json");
  let indexDocuments = 0;
  for (const { shard } of index?.shards ?? []) {
    indexDocuments += (await folder.read<ShardListing>(`index/${index?.attempt}/${shard}.json`)).live;
  }
  const manifestEntries = compared.reduce((sum, bucket) => sum + bucket.manifestEntries, 0);
  return { records, manifestEntries, indexDocuments };
}

/** Records of the newest full audit; its report may have expired, which then says nothing. */
async function readFormerRecords({ store }: AuditDeps, plan: AuditPlan): Promise<number | undefined> {
  if (plan.former?.kind !== "full") return undefined;
  const former = await new AuditRun(store, plan.table.table, plan.former.run).find<AuditReport>(
    "report.json",
  );
  return former?.compared.records;
}

function toExamples(findings: readonly Finding[]): readonly Drift[] {
  return driftKinds.flatMap((kind) =>
    findings
      .filter((finding) => finding.kind === kind)
      .slice(0, EXAMPLES_A_KIND)
      .map(({ id, recordId, stage }) => ({ kind, id, recordId, stage })),
  );
}

/**
 * Names the fields that differ, of a few documents that should equal their record. What cannot be read, or was
 * made by a transform that only the consumer has, is shown without.
 */
async function explain(
  deps: AuditDeps,
  plan: AuditPlan,
  examples: readonly Drift[],
): Promise<readonly Drift[]> {
  const { table, generation } = plan;
  if (generation.transformHash !== "identity") return examples;
  const source = deps.accessTo(table).source;
  const explained: Drift[] = [];
  for (const example of examples) {
    try {
      const [key] = rulesOf(generation.mode).parseRecordId(example.recordId, table.source.key);
      const [record] = key === undefined ? [] : (await source.read([key])).records;
      const document = await deps.inspector.readDocument(generation.index, example.id);
      const both = record !== undefined && document !== undefined;
      explained.push(
        both ? { ...example, fields: differingFields(toDocumentText(record), document) } : example,
      );
    } catch (cause) {
      deps.onSkipped("the fields of an example were not compared", cause);
      explained.push(example);
    }
  }
  return explained;
}
