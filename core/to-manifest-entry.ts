import type { FoldedWrite } from "./fold-batch.ts";
import type { ManifestEntry } from "./manifest-entry.ts";

/** The manifest's line about a write, once the index has acknowledged it under these numbers. */
export function toManifestEntry(
  { id, version, fingerprint, state, tied, event }: FoldedWrite,
  acknowledged: { readonly seqNo: number; readonly primaryTerm: number },
  transformHash: string,
): ManifestEntry {
  return {
    id,
    recordId: event.recordId,
    version,
    fingerprint,
    state,
    seqNo: acknowledged.seqNo,
    primaryTerm: acknowledged.primaryTerm,
    tied,
    sourceTime: event.sourceTime,
    transformHash,
  };
}
