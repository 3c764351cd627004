import type { BreakerState } from "./audit-report.ts";

/** What decides whether an audit may repair what it found. */
export interface BreakerFacts {
  readonly kind: "full" | "incremental";
  readonly drift: number;
  /** Records in the export. */
  readonly records: number;
  /** Live documents the manifest knows. */
  readonly manifestDocuments: number;
  /** Records of the last full audit; undefined before the first. */
  readonly formerRecords: number | undefined;
  /** Why the manifest or the stream cannot be trusted to be complete. */
  readonly gap: string | undefined;
}

export interface BreakerLimits {
  /** Drift as a share of what was compared, 0 to 1. */
  readonly share: number;
  /** Fewer drifts than this never open it. */
  readonly minimumCount: number;
}

/** An export with less than this share of the last one's records is taken for a fault of the export. */
const SHRUNKEN_SHARE = 0.5;
/** Below this, halving is no sign of anything. */
const SMALL_TABLE = 100;

/**
 * Decides whether repair waits for a person: above a share with a minimum count, when an export is empty or
 * has lost half of its records, or when a gap was recorded.
 */
export function judgeBreaker(
  facts: BreakerFacts,
  { share, minimumCount }: BreakerLimits,
): { readonly state: Exclude<BreakerState, "approved">; readonly reason?: string } {
  const reason = gapReason(facts) ?? exportReason(facts) ?? shareReason(facts, share, minimumCount);
  return reason === undefined ? { state: "closed" } : { state: "open", reason };
}

function gapReason({ gap }: BreakerFacts): string | undefined {
  return gap === undefined ? undefined : `a gap was recorded: ${gap}`;
}

function exportReason({
  kind,
  records,
  manifestDocuments,
  formerRecords = 0,
}: BreakerFacts): string | undefined {
  if (kind === "incremental") return undefined;
  if (records === 0 && manifestDocuments > 0) {
    return `the export is empty, the manifest knows ${manifestDocuments} documents`;
  }
  if (formerRecords < SMALL_TABLE || records >= formerRecords * SHRUNKEN_SHARE) return undefined;
  return `the export has ${records} records, the last full one had ${formerRecords}`;
}

function shareReason(
  { drift, records, manifestDocuments }: BreakerFacts,
  share: number,
  minimumCount: number,
): string | undefined {
  const compared = Math.max(records, manifestDocuments, 1);
  if (drift < minimumCount || drift <= compared * share) return undefined;
  const percent = ((drift / compared) * 100).toFixed(1);
  return `${drift} of ${compared} documents drifted (${percent} %), the limit is ${Number((share * 100).toFixed(4))} %`;
}
