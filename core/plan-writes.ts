import type { ChangeEvent, ChangeOfRecord } from "./change-event.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { EntryState } from "./manifest-entry.ts";
import { type GenerationMode, rulesOf } from "./mode-rules.ts";
import type { IndexWrite } from "./ports/index-writer.ts";
import type { RenderedDocument } from "./render-documents.ts";
import { DELETED_AT_FIELD } from "./table-descriptor.ts";

/** A write, with what the manifest and a dead letter need to know of it. */
export interface PlannedWrite extends IndexWrite {
  /** What it came from; the last one where several were folded. */
  readonly event: ChangeOfRecord;
  readonly fingerprint: Fingerprint | "";
  readonly state: EntryState;
}

/** The body that marks a deleted document. @param deletedAt - epoch milliseconds of the change that deleted it */
function tombstone(deletedAt: number): string {
  return `{"${DELETED_AT_FIELD}":${deletedAt}}`;
}

/**
 * The writes that bring the index to the state after one change.
 *
 * @param documents - what the record makes now; empty when it is gone
 * @param formerIds - every document it may have made before; those it no longer makes become tombstones
 * @param known - the record's fingerprint, where somebody has taken it already
 * @param mode - a managed generation has no tombstones: its documents are removed
 */
export function planWrites(
  event: ChangeEvent,
  documents: readonly RenderedDocument[],
  formerIds: Iterable<string>,
  known?: Fingerprint,
  mode: GenerationMode = "custom",
): readonly PlannedWrite[] {
  const { version, sourceTime } = event;
  const fingerprint = event.op === "delete" ? "" : (known ?? rulesOf(mode).fingerprint(event.image));
  const planned: PlannedWrite[] = documents.map(({ id, source }) =>
    source === undefined
      ? { id, version, source: tombstone(sourceTime), event, fingerprint, state: "omitted" }
      : { id, version, source, event, fingerprint, state: "present" },
  );
  let made: ReadonlySet<string> | undefined; // few events have former documents
  for (const id of formerIds) {
    made ??= new Set(documents.map((document) => document.id));
    if (made.has(id)) continue;
    const source = mode === "managed" ? undefined : tombstone(sourceTime);
    planned.push({ id, version, source, event, fingerprint: "", state: "deleted" });
  }
  return planned;
}
