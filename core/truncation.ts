import type { ChangeEvent } from "./change-event.ts";
import type { ExternalVersion } from "./external-version.ts";

/** That a table was emptied as a whole: every change before it is of a row that is gone. */
export interface Truncation {
  readonly version: ExternalVersion;
  /** When it was committed, epoch milliseconds. */
  readonly sourceTime: number;
}

/**
 * A change as it is to be written beside the newest truncate that is known.
 *
 * Only one partition carries a truncate, so that the others may bring what came before it afterwards: that is a delete
 * now, also of the documents the change itself makes, because a dead invocation may have written them. Within the
 * truncate's own transaction nobody can tell what came first; such a change is returned as it is, and must be read
 * again ({@link isUncertain}).
 */
export function afterTruncation(event: ChangeEvent, truncation: Truncation | undefined): ChangeEvent {
  if (truncation === undefined || event.version >= truncation.version) return event;
  const { recordId, key, position } = event;
  const oldImage = event.op === "delete" ? event.oldImage : event.image;
  const gone = { recordId, key, position, ...truncation, op: "delete" } as const;
  return oldImage === undefined ? gone : { ...gone, oldImage };
}

/** Whether a change was made in the transaction that emptied the table. */
export function isUncertain(event: ChangeEvent, truncation: Truncation | undefined): boolean {
  return truncation !== undefined && event.version === truncation.version;
}
