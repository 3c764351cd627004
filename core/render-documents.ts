import { stringifyDocument } from "./document.ts";
import { MAX_DOCUMENT_ID_BYTES, toDocumentId } from "./document-id.ts";
import { SyncError } from "./errors.ts";
import { DELETED_AT_FIELD } from "./table-descriptor.ts";
import type { TransformResult } from "./transform.ts";

/** One document of a record, ready for the wire; `source` is undefined where the record makes none. */
export interface RenderedDocument {
  readonly id: string;
  readonly source: string | undefined;
}

/**
 * Turns what a transform returned for one record into documents, after checking every promise it made.
 *
 * A record that makes no document still has one rendering, without source, under its own id: the
 * `omitted` tombstone that tells the audit the record was seen.
 *
 * @throws SyncError `TRANSFORM_INVALID` when an id or a document cannot be indexed (not retryable)
 */
export function renderDocuments(recordId: string, result: TransformResult): readonly RenderedDocument[] {
  if (result === null) return [{ id: toDocumentId(recordId), source: undefined }];
  if (!Array.isArray(result)) return [{ id: toDocumentId(recordId), source: render(result, recordId) }];
  if (result.length === 0) return [{ id: toDocumentId(recordId), source: undefined }];
  const ids = new Set<string>();
  return result.map((named: unknown) => {
    const { id, document } = parseNamed(named, recordId);
    if (ids.has(id)) throw invalid("two documents have one id", recordId);
    ids.add(id);
    return { id, source: render(document, recordId) };
  });
}

/** Whether a document would be taken for a tombstone. */
export function usesReservedField(document: object): boolean {
  return Object.hasOwn(document, DELETED_AT_FIELD);
}

/** The refusal of a document that carries {@link DELETED_AT_FIELD}. */
export function reservedField(recordId: string): SyncError {
  return invalid(`a document uses the reserved field ${DELETED_AT_FIELD}`, recordId);
}

function parseNamed(named: unknown, recordId: string): { id: string; document: unknown } {
  if (typeof named !== "object" || named === null) throw invalid("an array holds no documents", recordId);
  const id: unknown = Reflect.get(named, "id");
  if (typeof id !== "string" || id === "" || Buffer.byteLength(id) > MAX_DOCUMENT_ID_BYTES) {
    throw invalid(`a document id is not a text of 1 to ${MAX_DOCUMENT_ID_BYTES} bytes`, recordId);
  }
  return { id, document: Reflect.get(named, "document") };
}

function render(document: unknown, recordId: string): string {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw invalid("a document is not an object", recordId);
  }
  if (usesReservedField(document)) throw reservedField(recordId);
  if (typeof Reflect.get(document, "toJSON") === "function") {
    throw invalid("a document decides with toJSON what it is", recordId);
  }
  const text = stringify(document, recordId);
  if (!text.startsWith("{")) throw invalid("a document is not an object", recordId);
  return text;
}

function stringify(document: object, recordId: string): string {
  try {
    return stringifyDocument(document);
  } catch (cause) {
    throw invalid("a document cannot be written as JSON", recordId, cause);
  }
}

function invalid(what: string, recordId: string, cause?: unknown): SyncError {
  return new SyncError("TRANSFORM_INVALID", what, {
    subject: `record ${recordId}`,
    fix: "correct the transform, then replay the dead letters",
    retryable: false,
    cause,
  });
}
