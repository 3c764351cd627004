import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";

/**
 * The later of two entries of one document, by (`primaryTerm`, `seqNo`): the order in which the index took them.
 *
 * It is `tied` when both carry the winning version and differ, or when one was tied at that version already:
 * then nobody can say which of the two the index holds. Commutative and idempotent; associative because the
 * index accepts no version below the one it holds, so equal versions stand next to each other in that order.
 */
export function mergeEntries(left: ManifestEntry, right: ManifestEntry): ManifestEntry {
  const winner = isLater(left, right) ? left : right;
  if (winner.tied || left.version !== right.version) return winner;
  const loser = winner === left ? right : left;
  const tied = loser.tied || isOther(winner, loser);
  return tied ? { ...winner, tied } : winner;
}

/** The last entry of every document. The order of the entries, and duplicates among them, make no difference. */
export function foldEntries(entries: Iterable<ManifestEntry>): Map<string, ManifestEntry> {
  const folded = new Map<string, ManifestEntry>();
  for (const entry of entries) addToFold(folded, entry);
  return folded;
}

/** Adds one entry to a fold in place. */
export function addToFold(folded: Map<string, ManifestEntry>, entry: ManifestEntry): void {
  const known = folded.get(entry.id);
  folded.set(entry.id, known === undefined ? entry : mergeEntries(known, entry));
}

function isLater(left: ManifestEntry, right: ManifestEntry): boolean {
  if (left.primaryTerm !== right.primaryTerm) return left.primaryTerm > right.primaryTerm;
  if (left.seqNo !== right.seqNo) return left.seqNo > right.seqNo;
  // The same write, noted twice: any fixed choice keeps the fold commutative.
  return rank(left) >= rank(right);
}

/** A purge carries its tombstone's version, an announcement that of what it announces: no other content. */
function isOther(left: ManifestEntry, right: ManifestEntry): boolean {
  if (isAbsent(left.state) || isAbsent(right.state)) return false;
  return left.fingerprint !== right.fingerprint || left.state !== right.state;
}

function rank({
  version,
  fingerprint,
  state,
  sourceTime,
  transformHash,
  recordId,
  tied,
}: ManifestEntry): string {
  return `${version} ${fingerprint} ${state} ${sourceTime} ${transformHash} ${recordId} ${tied}`;
}
