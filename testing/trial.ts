import type { AttributeMap, TableKey } from "../core/attribute-value.ts";
import { toPlainRecord } from "../core/document.ts";
import { toRecordId } from "../core/document-id.ts";
import { type RenderedDocument, renderDocuments } from "../core/render-documents.ts";
import type { TransformServices, UserTransform } from "../core/transform.ts";
import { callBounded } from "../fallback-consumer/call-bounded.ts";
import { type EnrichRecords, makeEnrichRecords } from "../fallback-consumer/enrich/enrich-records.ts";
import { type Ambient, withAmbient } from "./ambient.ts";
import type { CheckOptions, TriedRecord } from "./options.ts";
import { readKey, toAttributes } from "./to-attributes.ts";

/** What a transform made of one record. */
export type Outcome =
  | { readonly kind: "made"; readonly documents: readonly RenderedDocument[]; readonly raw: unknown }
  /** It threw: the record would wait, then be dead-lettered. */
  | { readonly kind: "threw"; readonly reason: string }
  /** It returned what is no document. */
  | { readonly kind: "invalid"; readonly reason: string; readonly raw: unknown };

/** A call's outcomes by place, or the number of results where that is not the number of records. */
export type CallResult =
  | { readonly kind: "answered"; readonly outcomes: readonly Outcome[] }
  | { readonly kind: "miscounted"; readonly what: string };

/** A transform with all it is tried with. */
export interface Trial {
  readonly transform: UserTransform;
  readonly samples: readonly AttributeMap[];
  readonly key: TableKey;
  readonly options: CheckOptions;
  readonly services: TransformServices;
  /** What services were used so far. */
  readonly used: Set<"fetch" | "lookup">;
  /** Keys that were made up so far. */
  readonly marks: { made: number };
}

/** Where everything is tried unless something else is said. */
export const USUAL: Ambient = { nowMillis: Date.UTC(2026, 10, 25, 10), seed: 1 };

/** A minute is long enough for whoever enriches; nothing in the kit waits. */
const ENRICH_MILLIS = 60_000;

/** Gathers what a transform is tried with. @throws SyncError `CONFIGURATION_INVALID` */
export function openTrial(transform: UserTransform, options: CheckOptions): Trial {
  const used = new Set<"fetch" | "lookup">();
  const services: TransformServices = {
    fetch: (input, init) => {
      used.add("fetch");
      return (options.fetch ?? refuse("fetch"))(input, init);
    },
    lookup: (table, keys) => {
      used.add("lookup");
      return (options.lookup ?? refuse("lookup"))(table, keys);
    },
    log: { info: () => undefined, warn: () => undefined },
    secrets: options.secrets ?? {},
    configuration: options.configuration ?? {},
  };
  const samples = options.records.map((record) => toAttributes(record));
  return { transform, samples, key: readKey(options), options, services, used, marks: { made: 0 } };
}

function refuse(name: string) {
  return (): Promise<never> =>
    Promise.reject(new Error(`checkTransform was given no ${name}; pass one in its options`));
}

/** Makes what enriches records in the kit; nothing waits between tries. */
export function makeEnrich({ transform, services }: Trial, now: () => number): EnrichRecords {
  return makeEnrichRecords(transform.enrichments ?? {}, { services, now, pause: async () => undefined });
}

/** The record as the transform sees it, enriched anew. */
export async function toTried(
  trial: Trial,
  images: readonly AttributeMap[],
): Promise<readonly TriedRecord[]> {
  const records = images.map((image) => ({
    recordId: toRecordId(image, trial.key),
    item: toPlainRecord(image),
  }));
  const now = () => USUAL.nowMillis;
  const enriched = await makeEnrich(trial, now)(records, now() + ENRICH_MILLIS);
  return enriched.map((one) => {
    if (one.kind === "enriched") return one.record;
    throw new Error(one.kind === "failed" ? one.reason : "an enrichment gave no value");
  });
}

/** Calls the transform once with these records. */
export async function callTried(
  { transform, services }: Pick<Trial, "transform" | "services">,
  records: readonly TriedRecord[],
  ambient: Ambient = USUAL,
): Promise<CallResult> {
  try {
    const { timeoutMillis } = transform;
    const results: unknown = await withAmbient(ambient, () =>
      callBounded(
        timeoutMillis,
        ({ fetch }) => transform.transform(records, { ...services, fetch }),
        () => new Error(`no answer within ${timeoutMillis} ms`),
        services.fetch,
      ),
    );
    if (!Array.isArray(results))
      return { kind: "miscounted", what: `returned ${typeof results}, not an array,` };
    if (results.length !== records.length)
      return { kind: "miscounted", what: `returned ${results.length} results` };
    const outcomes = records.map(({ recordId }, place) => judge(transform, recordId, results[place]));
    return { kind: "answered", outcomes };
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { kind: "answered", outcomes: records.map(() => ({ kind: "threw", reason })) };
  }
}

function judge({ documents }: UserTransform, recordId: string, raw: unknown): Outcome {
  if (raw === undefined || typeof raw !== "object") {
    return {
      kind: "invalid",
      raw,
      reason: `it returned ${raw === undefined ? "undefined" : `a ${typeof raw}`}`,
    };
  }
  if (documents === "one" && Array.isArray(raw)) {
    return { kind: "invalid", raw, reason: 'it returned several documents, but declares documents: "one"' };
  }
  try {
    return { kind: "made", documents: renderDocuments(recordId, raw), raw };
  } catch (cause) {
    return { kind: "invalid", raw, reason: cause instanceof Error ? cause.message : "it cannot be read" };
  }
}

/** Enriches images and calls the transform once with them. */
export async function callImages(
  trial: Trial,
  images: readonly AttributeMap[],
  ambient: Ambient = USUAL,
): Promise<CallResult> {
  try {
    return await callTried(trial, await toTried(trial, images), ambient);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { kind: "answered", outcomes: images.map(() => ({ kind: "threw", reason })) };
  }
}

/** Calls the transform with images and gives the outcome of the one at a place; a miscount is an outcome too. */
export async function outcomeIn(
  trial: Trial,
  images: readonly AttributeMap[],
  place = 0,
  ambient: Ambient = USUAL,
): Promise<Outcome> {
  const result = await callImages(trial, images, ambient);
  if (result.kind === "miscounted") return { kind: "invalid", raw: undefined, reason: `it ${result.what}` };
  return result.outcomes[place] ?? { kind: "invalid", raw: undefined, reason: "it gave no result" };
}
