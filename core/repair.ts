import type { Finding } from "./finding.ts";
import { isAbsent, type ManifestEntry } from "./manifest-entry.ts";
import type { GenerationMode } from "./mode-rules.ts";
import type { LiveDocument } from "./ports/index-inspector.ts";
import type { ReindexRequest } from "./reindex-request.ts";

/**
 * The reindex requests that bring findings right: one a document, through the same consumer as every change.
 *
 * @param run - the audit that asks
 * @param now - epoch milliseconds; nothing is held back
 */
export function toReindexRequests(
  findings: readonly Finding[],
  run: string,
  now: number,
  newName: () => string,
): readonly ReindexRequest[] {
  return findings.map(({ kind, id, recordId }) => ({
    requestId: newName(),
    reason: kind === "ambiguous" ? "ambiguous" : "drift",
    recordId,
    documentId: id,
    attempt: 1,
    notBefore: now,
    auditRun: run,
  }));
}

/**
 * Whether a repair is seen to have happened: the manifest has a state of the record from after the repair was
 * asked for, and the index holds exactly that write.
 *
 * @param winners - the folded manifest of the finding's document and of its record's documents
 * @param live - the document as the index has it now
 * @param askedAt - epoch milliseconds
 * @param mode - a managed generation deletes for real, and its manifest knows no sequence numbers
 */
export function isRepaired(
  { id, recordId }: Finding,
  winners: readonly ManifestEntry[],
  live: LiveDocument | undefined,
  askedAt: number,
  mode: GenerationMode,
): boolean {
  const own = winners.find((entry) => entry.id === id);
  // What was only announced nobody has written.
  const written = winners.filter(({ state }) => state !== "announced");
  const fresh = written.some(
    (entry) => (entry.id === id || entry.recordId === recordId) && entry.sourceTime >= askedAt && !entry.tied,
  );
  if (!fresh) return false;
  const isGone = own === undefined || isAbsent(own.state) || (mode === "managed" && own.state === "deleted");
  if (isGone) return live === undefined;
  return (mode === "managed" || live?.seqNo === own.seqNo) && live?.version === String(own.version);
}
