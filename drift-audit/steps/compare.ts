import type {
  AuditExport,
  AuditedIndex,
  AuditPlan,
  FingerprintedFile,
  ShardListing,
} from "../../core/audit-plan.ts";
import { type DocumentRow, decodeDocumentRow, decodeRecordRow } from "../../core/audit-rows.ts";
import { bucketOf } from "../../core/bucket.ts";
import { type BucketedObject, linesOf, readBucketPart } from "../../core/bucketed-object.ts";
import { compareIndex, type IndexComparison, type ObservedShard } from "../../core/compare-index.ts";
import { compareRecords } from "../../core/compare-records.ts";
import { compareSentIndex, idsToLookUp, type SentRules } from "../../core/compare-sent-index.ts";
import { distinctFindings, type Finding, survivors } from "../../core/finding.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import { mapLimited } from "../../core/map-limited.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import type { ObjectStore } from "../../core/ports/object-store.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { shardOfDocument } from "../../core/shard-of-document.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun, manifestOf } from "../audit-run.ts";
import { foldWritten } from "../fold-written.ts";
import { settledUntil } from "../managed/unsettled.ts";
import type { StepOf } from "../step-event.ts";

/** What one bucket's comparison leaves for the later steps: `compare/<bucket>.json`. */
export interface ComparedBucket {
  readonly manifestEntries: number;
  readonly manifestDocuments: number;
  readonly notJudged: number;
  readonly expected: Readonly<Record<number, number>>;
  readonly uncertain: Readonly<Record<number, number>>;
  readonly findings: readonly Finding[];
}

const READS_AT_ONCE = 16;

/** Folds what was written up to now into the manifest; asked again until it is done. */
export async function foldManifest(
  deps: AuditDeps,
  { table, run }: StepOf<"fold">,
  deadline: number,
): Promise<{ readonly state: "done" | "more" }> {
  const folder = new AuditRun(deps.store, table, run);
  const done = await foldWritten(deps, folder, await folder.plan(), () => deps.now() < deadline);
  return { state: done ? "done" : "more" };
}

/**
 * Compares one bucket: database with manifest, and manifest with index.
 *
 * Pass 2 looks again at a bucket where pass 1 found something, at a manifest folded since, and keeps what is
 * found again; the rest changed meanwhile and counts as not judged.
 */
export async function compareBucket(
  deps: AuditDeps,
  { table, run, bucket, pass }: StepOf<"compare">,
): Promise<object> {
  const folder = new AuditRun(deps.store, table, run);
  if (pass === 1) {
    const compared = await compareOnce(deps, folder, bucket);
    await folder.write(`compare/${bucket}.json`, compared);
    return { state: "done", findings: compared.findings.length };
  }
  const first = await folder.read<ComparedBucket>(`compare/${bucket}.json`);
  if (first.findings.length === 0) return { state: "done", findings: 0 };
  const second = await compareOnce(deps, folder, bucket);
  const findings = survivors(first.findings, second.findings);
  const vanished = first.findings.filter(({ kind }) => kind !== "ambiguous").length - countDrift(findings);
  const notJudged = first.notJudged + vanished;
  await folder.write(`compare/${bucket}.json`, { ...first, findings, notJudged } satisfies ComparedBucket);
  return { state: "done", findings: findings.length };
}

async function compareOnce(deps: AuditDeps, folder: AuditRun, bucket: number): Promise<ComparedBucket> {
  const [plan, { exportTime }, fingerprints] = await Promise.all([
    folder.plan(),
    folder.read<AuditExport>("export.json"),
    folder.read<FingerprintedFile>("fingerprints.json"),
  ]);
  const { folder: manifest, buckets } = manifestOf(deps, plan);
  const rows = (await readLines(deps.store, fingerprints.objects, bucket)).map(decodeRecordRow);
  const entries = [...(await readBucket(deps.store, manifest, buckets, bucket))];
  const latest = foldEntries(entries);
  const { kind, generation } = plan;
  const { toDocumentId } = rulesOf(generation.mode);
  const rules = { kind, exportTime, transformHash: generation.transformHash, toDocumentId };
  const ofRecords = compareRecords(rows, ofBucket(latest.values(), "recordId", bucket, buckets), rules);
  const ofIndex = await compareIndexOnce(deps, folder, plan, { entries, latest }, bucket);
  const own = [...ofBucket(latest.values(), "id", bucket, buckets)];
  return {
    manifestEntries: own.length,
    manifestDocuments: own.filter(({ state }) => state === "present").length,
    notJudged: ofRecords.notJudged + ofIndex.notJudged,
    expected: ofIndex.expected,
    uncertain: ofIndex.uncertain,
    findings: distinctFindings([...ofRecords.findings, ...ofIndex.findings]),
  };
}

async function compareIndexOnce(
  deps: AuditDeps,
  folder: AuditRun,
  plan: AuditPlan,
  { entries, latest }: { entries: readonly ManifestEntry[]; latest: ReadonlyMap<string, ManifestEntry> },
  bucket: number,
): Promise<IndexComparison> {
  const index = await folder.find<AuditedIndex>("index.json");
  if (index === undefined) return { findings: [], notJudged: 0, expected: {}, uncertain: {} };
  const shards = new Map<number, ObservedShard>(index.shards.map((shard) => [shard.shard, shard]));
  const documents: DocumentRow[] = [];
  for (const { shard } of index.shards) {
    const listing = await folder.read<ShardListing>(`index/${index.attempt}/${shard}.json`);
    const lines = await readLines(deps.store, listing.objects, bucket);
    for (const line of lines) documents.push(decodeDocumentRow(line));
  }
  const shardOf = (id: string) => shardOfDocument(id, index.routing);
  if (plan.generation.mode === "managed") {
    const dueSince =
      plan.former === undefined ? 0 : (plan.former.settledUntil ?? Date.parse(plan.former.finishedAt));
    const rules = { shards, shardOf, dueSince, settledUntil: await settledUntil(deps, folder) };
    const found = await lookUp(deps, plan, idsToLookUp(documents, latest, rules), rules);
    return compareSentIndex([...documents, ...found], entries, latest, rules);
  }
  const own = [...ofBucket(entries, "id", bucket, plan.table.manifestBuckets)];
  return compareIndex(documents, own, shards, shardOf);
}

const LOOKED_UP_AT_ONCE = 1_000;

/** Documents as they are now, read by id; the shards' listings have the others. */
async function lookUp(
  { inspector }: AuditDeps,
  { generation: { index } }: AuditPlan,
  ids: readonly string[],
  { shards, shardOf }: Pick<SentRules, "shards" | "shardOf">,
): Promise<readonly DocumentRow[]> {
  const found: DocumentRow[] = [];
  for (let start = 0; start < ids.length; start += LOOKED_UP_AT_ONCE) {
    const some = ids.slice(start, start + LOOKED_UP_AT_ONCE);
    for (const [place, live] of (await inspector.readLive(index, some)).entries()) {
      if (live === undefined) continue;
      const id = some[place] ?? "";
      const shard = shardOf(id);
      // Written since the shards were listed: it was there, and its version says that it is younger.
      const seqNo = Math.min(live.seqNo, shards.get(shard)?.checkpoint ?? live.seqNo);
      found.push({ id, shard, version: live.version, seqNo, primaryTerm: 0 });
    }
  }
  return found;
}

async function readLines(
  store: ObjectStore,
  objects: readonly BucketedObject[],
  bucket: number,
): Promise<readonly string[]> {
  const texts = await mapLimited(objects, READS_AT_ONCE, (object) => readBucketPart(store, object, bucket));
  return texts.flatMap((text) => linesOf(text ?? ""));
}

/** An entry lies in its document's bucket and in its record's; each stage takes it from one of them. */
function* ofBucket(
  entries: Iterable<ManifestEntry>,
  by: "id" | "recordId",
  bucket: number,
  buckets: number,
): Generator<ManifestEntry> {
  for (const entry of entries) {
    if (entry.id === entry.recordId || bucketOf(entry[by], buckets) === bucket) yield entry;
  }
}

function countDrift(findings: readonly Finding[]): number {
  return findings.filter(({ kind }) => kind !== "ambiguous").length;
}
