import type { AttributeMap } from "../core/attribute-value.ts";
import type { ChangeEvent } from "../core/change-event.ts";
import { toPlainRecord } from "../core/document.ts";
import { toDocumentId } from "../core/document-id.ts";
import { SyncError } from "../core/errors.ts";
import type { Fingerprint } from "../core/fingerprint.ts";
import {
  type RenderedDocument,
  renderDocuments,
  reservedField,
  usesReservedField,
} from "../core/render-documents.ts";
import type { Transform, UserTransform } from "../core/transform.ts";
import { writeRecord } from "../core/write-record.ts";
import { type EnrichRecords, enrichNothing, type RecordEnrichment } from "./enrich/enrich-records.ts";
import { type CallTransform, type IsolatedResult, isolateFailures } from "./isolate-failures.ts";

/** What became of one event on its way through the transform. */
export type Rendering =
  | {
      readonly kind: "rendered";
      readonly documents: readonly RenderedDocument[];
      /** Ids the record may have had before; a superset does no harm. */
      readonly formerIds: readonly string[];
      /** The record's, where rendering it gave that too. */
      readonly fingerprint?: Fingerprint;
      /** When the record must be read again: an enrichment failed that it may be indexed without. */
      readonly rereadAfterMillis?: number;
    }
  /** The transform or an enrichment threw or was too slow for this record alone; it may succeed later. */
  | {
      readonly kind: "failed";
      readonly cause: "TRANSFORM_FAILED" | "ENRICHMENT_FAILED";
      readonly reason: string;
    }
  /** What it returned, or the record itself, can never be indexed. */
  | { readonly kind: "invalid"; readonly error: SyncError }
  /** The invocation's time was over before it was known. */
  | { readonly kind: "unsettled" };

/** Renders the documents of a batch of events: one rendering an event, in the order given. Never throws. */
export type RenderBatch = (events: readonly ChangeEvent[], deadline: number) => Promise<readonly Rendering[]>;

/**
 * Makes the renderer of a generation.
 *
 * @param call - calls the user's function with its services, bounded in time
 * @param nameDocument - the id of a record's own document
 * @param enrich - fetches what the transform's enrichments say
 */
export function makeRenderBatch(
  transform: Transform,
  call: (transform: UserTransform, deadline: number) => CallTransform,
  nameDocument: (recordId: string) => string = toDocumentId,
  enrich: EnrichRecords = enrichNothing,
): RenderBatch {
  if (transform.kind === "identity") {
    return async (events) => events.map((event) => renderIdentity(event, nameDocument(event.recordId)));
  }
  return async (events, deadline) => {
    const inputs = events.flatMap((event, place) => toInputs(event, place, transform));
    const records = inputs.map(({ image, recordId }) => ({ recordId, item: toPlainRecord(image) }));
    const enriched = await enrich(records, deadline);
    const results = await transformEnriched(enriched, call(transform, deadline));
    const byEvent = events.map((event): EventResults => ({ event }));
    for (const [index, { place, role }] of inputs.entries()) {
      const entry = byEvent[place];
      const result = results[index];
      if (entry !== undefined && result !== undefined) entry[role] = result;
    }
    return byEvent.map((results) => combine(results, transform));
  };
}

/** Transforms what could be enriched; the rest is judged already. */
async function transformEnriched(
  enriched: readonly RecordEnrichment[],
  call: CallTransform,
): Promise<readonly ImageResult[]> {
  const records = enriched.flatMap((one) => (one.kind === "enriched" ? one.record : []));
  const results = (await isolateFailures(records, call))[Symbol.iterator]();
  return enriched.map((one): ImageResult => {
    if (one.kind === "failed") return { ...one, cause: "ENRICHMENT_FAILED" };
    if (one.kind === "refused") return { kind: "invalid", error: one.error };
    if (one.kind === "unsettled") return one;
    const { value: result = one } = results.next();
    if (result.kind === "failed") return { ...result, cause: "TRANSFORM_FAILED" };
    if (result.kind !== "returned") return { kind: "unsettled" };
    const { rereadAfterMillis } = one;
    return { ...result, ...(rereadAfterMillis === undefined ? {} : { rereadAfterMillis }) };
  });
}

interface Input {
  readonly recordId: string;
  readonly place: number;
  readonly role: "current" | "former";
  readonly image: AttributeMap;
}

/** What an image became. */
type ImageResult =
  | (Extract<IsolatedResult, { kind: "returned" }> & { readonly rereadAfterMillis?: number })
  | Exclude<Rendering, { kind: "rendered" }>;

interface EventResults {
  readonly event: ChangeEvent;
  current?: ImageResult;
  former?: ImageResult;
}

function renderIdentity(event: ChangeEvent, id: string): Rendering {
  if (event.op === "delete") return { kind: "rendered", documents: [], formerIds: [id] };
  return guard(event, () => {
    if (usesReservedField(event.image)) throw reservedField(event.recordId);
    const { source, fingerprint } = writeRecord(event.image);
    return { kind: "rendered", documents: [{ id, source }], formerIds: [], fingerprint };
  });
}

/** The images of an event that must go through the transform. */
function toInputs(event: ChangeEvent, place: number, { documents }: UserTransform): readonly Input[] {
  const { recordId } = event;
  const inputs: Input[] = [];
  if (event.op !== "delete") inputs.push({ recordId, place, role: "current", image: event.image });
  const oldImage = event.op === "update" || event.op === "delete" ? event.oldImage : undefined;
  if (documents === "any" && oldImage !== undefined) {
    inputs.push({ recordId, place, role: "former", image: oldImage });
  }
  return inputs;
}

function combine(
  { event, current, former }: EventResults,
  { documents: declared }: UserTransform,
): Rendering {
  if (current !== undefined && current.kind !== "returned") return current;
  if (former !== undefined && former.kind !== "returned") return former;
  return guard(event, () => {
    const documents = current === undefined ? [] : render(event, current, declared);
    const before = former === undefined ? [] : render(event, former, declared);
    const own = event.op === "delete" && former === undefined ? [toDocumentId(event.recordId)] : [];
    // Without what the old image lacked, a document that is to go may go unnamed: that too is read again for.
    const waits = [current?.rereadAfterMillis, former?.rereadAfterMillis].filter(
      (wait) => wait !== undefined,
    );
    const again = waits.length === 0 ? {} : { rereadAfterMillis: Math.min(...waits) };
    return { kind: "rendered", documents, formerIds: [...before.map(({ id }) => id), ...own], ...again };
  });
}

function render(
  { recordId }: ChangeEvent,
  result: Extract<IsolatedResult, { kind: "returned" }>,
  declared: "one" | "any",
): readonly RenderedDocument[] {
  if (declared === "one" && Array.isArray(result.value)) {
    throw new SyncError("TRANSFORM_INVALID", 'a transform declared documents: "one" returned several', {
      subject: `record ${recordId}`,
      fix: 'declare documents: "any", then replay the dead letters',
      retryable: false,
    });
  }
  return renderDocuments(recordId, result.value);
}

function guard(event: ChangeEvent, rendering: () => Rendering): Rendering {
  try {
    return rendering();
  } catch (cause) {
    return { kind: "invalid", error: cause instanceof SyncError ? cause : unreadable(event, cause) };
  }
}

function unreadable({ recordId }: ChangeEvent, cause: unknown): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a record holds a value no document can be made of", {
    subject: `record ${recordId}`,
    fix: "correct the record in the source",
    retryable: false,
    cause,
  });
}
