import type { PlannedWrite } from "./plan-writes.ts";

/** The one write of a document that a batch comes down to. */
export interface FoldedWrite extends PlannedWrite {
  /** Different states of the document shared the winning version. */
  readonly tied: boolean;
  /** Place in the batch of the first event that touched the document: where a retry must begin. */
  readonly firstEvent: number;
}

/**
 * Folds a batch to the last write per document at its highest version.
 *
 * @param batch - the writes of each event, events in the order of the source
 * @returns one write a document, in the order documents first appeared
 */
export function foldBatch(batch: readonly (readonly PlannedWrite[])[]): readonly FoldedWrite[] {
  const folded = new Map<string, FoldedWrite>();
  for (const [place, writes] of batch.entries()) {
    for (const write of writes) {
      const before = folded.get(write.id);
      if (before === undefined) folded.set(write.id, toFolded(write, false, place));
      else if (write.version >= before.version) folded.set(write.id, follow(before, write));
    }
  }
  return [...folded.values()];
}

function follow(before: FoldedWrite, write: PlannedWrite): FoldedWrite {
  const { firstEvent } = before;
  if (write.version > before.version) return toFolded(write, false, firstEvent);
  const same = write.fingerprint === before.fingerprint && write.state === before.state;
  return toFolded(write, before.tied || !same, firstEvent);
}

/** Member by member: a spread costs three times as much, for every document there is. */
function toFolded(write: PlannedWrite, tied: boolean, firstEvent: number): FoldedWrite {
  const { id, version, source, event, fingerprint, state } = write;
  return { id, version, source, event, fingerprint, state, tied, firstEvent };
}
