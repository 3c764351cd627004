import type { RecordRow } from "./audit-rows.ts";
import type { Comparison, Finding } from "./finding.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";

/** What stage 1 goes by. */
export interface RecordRules {
  /** `incremental`: records that are not listed did not change, and are not judged. */
  readonly kind: "full" | "incremental";
  /** The instant of the export, epoch milliseconds. */
  readonly exportTime: number;
  /** The generation's transform; documents made with another one are stale. */
  readonly transformHash: string;
  /** The id of a record's one document. */
  readonly toDocumentId: (recordId: string) => string;
}

/**
 * Entries younger than this at the export are not judged: the export, the stream and the writers of re-reads
 * do not share a clock, and the stream tells times in whole seconds.
 */
const CLOCK_MARGIN_MILLIS = 5_000;

/**
 * Stage 1, database = manifest, for one bucket: joins records and documents on the record id.
 *
 * A record is in order when at least one of its documents is present, or rightly omitted, with the record's
 * fingerprint and the current transform. Memory: one map entry a record and a document of the bucket.
 *
 * @param rows - the export's records of this bucket
 * @param documents - the folded manifest, documents whose record is of this bucket
 */
export function compareRecords(
  rows: Iterable<RecordRow>,
  documents: Iterable<ManifestEntry>,
  rules: RecordRules,
): Comparison {
  const findings: Finding[] = [];
  const records = byRecordId(rows);
  let notJudged = 0;
  for (const entry of documents) {
    const { id, recordId } = entry;
    const record = records.get(recordId);
    if (record === undefined && rules.kind === "incremental") continue;
    const verdict = judge(entry, record?.fingerprint, rules);
    if (verdict === "absent") continue;
    if (record !== undefined) record.settled = true;
    if (verdict === "changed") notJudged += 1;
    else if (verdict !== "right") findings.push({ kind: verdict, id, recordId, stage: 1 });
  }
  for (const [recordId, { fingerprint, settled }] of records) {
    if (settled || fingerprint === "") continue;
    findings.push({ kind: "missing", id: rules.toDocumentId(recordId), recordId, stage: 1 });
  }
  return { findings, notJudged };
}

/** `absent`: the document is rightly not there, which says nothing about its record's other documents. */
type Verdict = "right" | "absent" | "changed" | "stale" | "orphaned" | "ambiguous";

function judge(
  { state, tied, sourceTime, fingerprint, transformHash }: ManifestEntry,
  ofRecord: RecordRow["fingerprint"] | undefined,
  rules: RecordRules,
): Verdict {
  if (sourceTime > rules.exportTime - CLOCK_MARGIN_MILLIS) return "changed";
  if (isAbsent(state)) return "absent";
  if (tied) return "ambiguous";
  if (state === "deleted") return "absent";
  if (ofRecord === undefined || ofRecord === "") return state === "present" ? "orphaned" : "absent";
  return fingerprint === ofRecord && transformHash === rules.transformHash ? "right" : "stale";
}

/** A record on its way through the join. Marked in place: a set of settled ids would cost as much as the join. */
interface JoinedRecord {
  readonly fingerprint: RecordRow["fingerprint"];
  settled: boolean;
}

function byRecordId(rows: Iterable<RecordRow>): ReadonlyMap<string, JoinedRecord> {
  const records = new Map<string, JoinedRecord>();
  for (const { recordId, fingerprint } of rows) records.set(recordId, { fingerprint, settled: false });
  return records;
}
