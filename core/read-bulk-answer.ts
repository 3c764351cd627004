import type { WriteOutcome } from "./ports/index-writer.ts";
import { readTakenBulk } from "./read-taken-bulk.ts";

/** What a bulk answer must hold for its outcomes, and nothing more: the rest is never sent. */
export const BULK_FILTER_PATH =
  "items.index.status,items.index._seq_no,items.index._primary_term,items.index.error.type,items.index.error.reason,error.type,error.reason";

/** The same for bulks that also remove documents. */
export const REMOVING_FILTER_PATH = `${BULK_FILTER_PATH},${BULK_FILTER_PATH.replaceAll("items.index", "items.delete")}`;

interface BulkError {
  readonly type?: string;
  readonly reason?: string;
}
interface BulkAnswer {
  readonly items?: readonly ({ readonly index?: BulkItemAnswer; readonly delete?: BulkItemAnswer } | null)[];
}
interface BulkItemAnswer {
  readonly status?: number;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly error?: BulkError;
}

/** A removal of what is not there is taken all the same: the index remembers its version for a while. */
const NOT_THERE = 404;

/**
 * Reads the outcomes of a bulk that the target answered with 200.
 *
 * @returns one outcome an item, in order; undefined when the text does not answer for `count` items
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/#response
 */
export function readBulkAnswer(text: string, count: number): readonly WriteOutcome[] | undefined {
  return readTakenBulk(text, count) ?? readAnyBulk(text, count);
}

function readAnyBulk(text: string, count: number): readonly WriteOutcome[] | undefined {
  const { items = [] } = parseAnswer(text);
  if (items.length !== count) return undefined;
  return items.map((item) => {
    const {
      status = 0,
      _seq_no: seqNo,
      _primary_term: primaryTerm,
      error,
    } = item?.index ?? item?.delete ?? {};
    const isTaken = status < 300 || (status === NOT_THERE && error === undefined);
    if (isTaken && seqNo !== undefined && primaryTerm !== undefined) {
      return { kind: "applied", seqNo, primaryTerm };
    }
    return toRefusal(status, error ?? {});
  });
}

/** The outcome of every write of a bulk that was refused as a whole, when it can no longer be split. */
export function readRefusal(status: number, text: string): WriteOutcome {
  const { error } = parseRefusal(text);
  return toRefusal(status, typeof error === "object" ? (error ?? {}) : {});
}

function toRefusal(status: number, error: BulkError): WriteOutcome {
  const reason = withoutValues(`${error.type ?? `status ${status}`}: ${error.reason ?? ""}`);
  if (status === 409) return { kind: "superseded" };
  if (status === 413) return { kind: "rejected", cause: "DOCUMENT_TOO_LARGE", reason };
  if (status === 400) return { kind: "rejected", cause: "MAPPING_REJECTED", reason };
  return { kind: "unavailable", status, reason };
}

/** The engine quotes values it could not use; field names and types stay, values go. */
export function withoutValues(reason: string): string {
  return reason
    .replace(/\.?\s*(Preview of field's value|The prefix of the first immense term).*$/s, "")
    .replace(/'[^']*'|"[^"]*"/gs, "'…'")
    .replace(/(value|string|text)[:]? \[[^\]]*\]/gi, "$1 […]")
    .slice(0, 300);
}

function parseAnswer(text: string): BulkAnswer {
  try {
    const answer: BulkAnswer | null = JSON.parse(text);
    return answer ?? {};
  } catch {
    return {};
  }
}

function parseRefusal(text: string): { readonly error?: BulkError | string | null } {
  try {
    const refusal: { readonly error?: BulkError } | null = JSON.parse(text);
    return refusal ?? {};
  } catch {
    return {};
  }
}
