import type { BucketedObject } from "./bucketed-object.ts";
import type { ObservedShard } from "./compare-index.ts";
import type { ShardRouting } from "./shard-of-document.ts";
import type { AuditMark, GenerationControl } from "./table-control.ts";
import type { GenerationDescriptor, TableDescriptor } from "./table-descriptor.ts";

/** What the command line, the schedule and a build ask of the audit workflow. */
export interface AuditInput {
  readonly table: TableDescriptor;
  /** Absent: every generation that has loaded, the serving one first, one after the other. */
  readonly generation?: string;
  /** `auto`: incremental while a full audit is recent enough, else full. */
  readonly kind: "auto" | "full" | "incremental";
  /** The run whose findings a person approved: they are repaired, nothing is compared anew. */
  readonly approved?: string;
}

/** What one run does, settled when it begins: `plan.json`. */
export interface AuditPlan {
  readonly run: string;
  readonly table: TableDescriptor;
  readonly generation: GenerationDescriptor;
  readonly kind: "full" | "incremental";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly approved?: string;
  /** The window of an incremental export, epoch milliseconds. */
  readonly window?: { readonly from: number; readonly to: number };
  /** Generations still to be audited by the same execution. */
  readonly rest: readonly string[];
  /** What the last clean audit saw. */
  readonly former?: AuditMark;
  readonly gap?: string;
}

/** The export a run compares with: `export.json`. */
export interface AuditExport {
  readonly exportArn: string;
  /** Epoch milliseconds: the table as of this instant, or as of none before it. */
  readonly exportTime: number;
  /** Where its rows were read one after the other: when all had been, epoch milliseconds. */
  readonly readUntil?: number;
}

/** The index as a run looks at it: `index.json`. */
export interface AuditedIndex {
  /** 1, or 2 where a count differed and a shard's whole id list is read. */
  readonly attempt: number;
  /** Epoch milliseconds: every write at or below the checkpoints was made before. */
  readonly observedAt: number;
  readonly routing: ShardRouting;
  readonly shards: readonly ObservedShard[];
}

/** How far a shard was listed: `index/<attempt>/<shard>.json`. */
export interface ShardListing {
  readonly pointInTime: string;
  /** Documents at or below the checkpoint. */
  readonly live: number;
  readonly aboveSeqNo: number;
  readonly documents: number;
  readonly objects: readonly BucketedObject[];
  readonly done: boolean;
}

/** Fingerprints of one data file: `fingerprints/<name>.json`. */
export interface FingerprintedFile {
  readonly records: number;
  readonly objects: readonly BucketedObject[];
}

/** An incremental export covers 15 minutes to 24 hours. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html */
const SHORTEST_WINDOW_MILLIS = 15 * 60 * 1000;
const LONGEST_WINDOW_MILLIS = 24 * 60 * 60 * 1000;
/** Windows overlap by this much, so that what one audit did not judge for its age is in the next. */
const WINDOW_OVERLAP_MILLIS = 60_000;
const DAY_MILLIS = 24 * 60 * 60 * 1000;

/**
 * Chooses between a full and an incremental audit.
 *
 * Incremental is possible where a clean audit is at most a day and at least a quarter of an hour old, nothing
 * was recorded as a gap, and the transform is the one that audit saw; `auto` also wants the last full audit to
 * be younger than `fullEveryDays`. Where it is not possible the audit is full.
 */
export function chooseKind(
  asked: AuditInput["kind"],
  { lastCleanAudit: clean, gap, transformHash }: GenerationControl,
  fullEveryDays: number,
  now: number,
):
  | { readonly kind: "full" }
  | { readonly kind: "incremental"; readonly window: { from: number; to: number } } {
  if (asked === "full" || clean === undefined || gap !== undefined) return { kind: "full" };
  if (clean.transformHash !== transformHash) return { kind: "full" };
  const to = Math.floor(now / 1000) * 1000;
  const from = Math.floor((Date.parse(clean.exportTime) - WINDOW_OVERLAP_MILLIS) / 1000) * 1000;
  if (to - from < SHORTEST_WINDOW_MILLIS || to - from > LONGEST_WINDOW_MILLIS) return { kind: "full" };
  const lastFull = Date.parse(clean.fullExportTime ?? clean.exportTime);
  if (asked === "auto" && now - lastFull > fullEveryDays * DAY_MILLIS) return { kind: "full" };
  return { kind: "incremental", window: { from, to } };
}

/** From which sequence number on a shard is judged: after the last clean audit, or all of it. */
export function judgedFrom(plan: AuditPlan, shard: number, historyUuid: string): number {
  if (plan.gap !== undefined) return -1;
  const mark = plan.former?.shards.find((known) => known.shard === shard);
  return mark?.historyUuid === historyUuid ? mark.seqNo : -1;
}
