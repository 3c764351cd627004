import { type Enrichments, type PlannedEnrichment, planEnrichment } from "../../core/enrichment.ts";
import { SyncError } from "../../core/errors.ts";
import { withoutValues } from "../../core/read-bulk-answer.ts";
import type { EnrichedRecord, SourceRecord } from "../../core/transform.ts";
import { type FetchKeys, type FetchKeysDeps, type KeyOutcome, makeFetchKeys } from "./fetch-keys.ts";

/** What a record is on its way to the transform. */
export type RecordEnrichment =
  | {
      readonly kind: "enriched";
      readonly record: EnrichedRecord;
      /** When it must be read again, because something could not be fetched that it may be indexed without. */
      readonly rereadAfterMillis?: number;
    }
  /** May succeed later. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Its enrichment says that nobody is to wait for it. */
  | { readonly kind: "refused"; readonly error: SyncError }
  | { readonly kind: "unsettled" };

/** Enriches records: one answer a record, in the order given. Never throws. */
export type EnrichRecords = (
  records: readonly SourceRecord[],
  deadline: number,
) => Promise<readonly RecordEnrichment[]>;

interface NamedEnrichment {
  readonly name: string;
  readonly planned: PlannedEnrichment;
  readonly fetchKeys: FetchKeys;
}

/** What one enrichment has for one record. */
type Asked = KeyOutcome | { readonly kind: "invalid"; readonly reason: string };

/** No enrichment at all: as cheap as it can be. */
export const enrichNothing: EnrichRecords = async (records) =>
  records.map((record) => ({ kind: "enriched", record: { ...record, enriched: {} } }));

/** Makes what enriches the records of a generation. All enrichments of a batch are fetched at once. */
export function makeEnrichRecords(enrichments: Enrichments, deps: FetchKeysDeps): EnrichRecords {
  const named = Object.entries(enrichments).map(([name, declared]): NamedEnrichment => {
    const planned = planEnrichment(declared);
    return { name, planned, fetchKeys: makeFetchKeys(planned, deps) };
  });
  if (named.length === 0) return enrichNothing;
  return async (records, deadline) => {
    // The transform needs time too, and the index after it.
    const fetchUntil = deps.now() + (deadline - deps.now()) / 2;
    const asked = await Promise.all(named.map((enrichment) => ask(enrichment, records, fetchUntil, deps)));
    return records.map((record, place) =>
      combine(
        record,
        named.map((enrichment, which) => ({ enrichment, asked: asked[which]?.[place] ?? NOTHING })),
      ),
    );
  };
}

const NOTHING: Asked = { kind: "found", value: undefined };

async function ask(
  { name, planned, fetchKeys }: NamedEnrichment,
  records: readonly SourceRecord[],
  deadline: number,
  { services }: FetchKeysDeps,
): Promise<readonly Asked[]> {
  const keys = records.map((record) => keyOf(planned, record));
  const distinct = new Set(keys.flatMap((key) => (typeof key === "string" ? key : [])));
  const outcomes = await fetchKeys([...distinct], deadline);
  const failed = [...outcomes.values()].filter(({ kind }) => kind === "failed");
  const [first] = failed;
  if (first?.kind === "failed") {
    services.log.warn("an enrichment failed", {
      enrichment: name,
      keys: failed.length,
      reason: withoutValues(first.reason),
    });
  }
  return keys.map((key) => {
    if (key === undefined) return NOTHING;
    return typeof key === "string" ? (outcomes.get(key) ?? { kind: "unsettled" }) : key;
  });
}

function keyOf(planned: PlannedEnrichment, record: SourceRecord): string | undefined | Asked {
  try {
    const key: unknown = planned.keyOf(record);
    if (key === undefined || typeof key === "string") return key;
    return { kind: "invalid", reason: `keyOf returned a ${typeof key}, not a text or undefined` };
  } catch (cause) {
    return { kind: "invalid", reason: `keyOf threw ${cause instanceof Error ? cause.name : "something"}` };
  }
}

function combine(
  record: SourceRecord,
  answers: readonly { readonly enrichment: NamedEnrichment; readonly asked: Asked }[],
): RecordEnrichment {
  const enriched: Record<string, unknown> = {};
  let rereadAfterMillis: number | undefined;
  for (const { enrichment, asked } of answers) {
    const { name, planned } = enrichment;
    if (asked.kind === "unsettled") return asked;
    if (asked.kind === "invalid") return { kind: "refused", error: invalid(record, name, asked.reason) };
    if (asked.kind === "found") {
      enriched[name] = asked.value;
      continue;
    }
    if (planned.whenItFails === "wait")
      return { kind: "failed", reason: `enrichment ${name}: ${asked.reason}` };
    if (planned.whenItFails === "dead-letter") {
      return { kind: "refused", error: failed(record, name, asked.reason) };
    }
    enriched[name] = undefined;
    rereadAfterMillis = Math.min(rereadAfterMillis ?? Infinity, planned.rereadAfterSeconds * 1000);
  }
  const again = rereadAfterMillis === undefined ? {} : { rereadAfterMillis };
  return { kind: "enriched", record: { ...record, enriched }, ...again };
}

function failed({ recordId }: SourceRecord, name: string, reason: string): SyncError {
  return new SyncError("ENRICHMENT_FAILED", `enrichment ${name} has no value: ${withoutValues(reason)}`, {
    subject: `record ${recordId}`,
    fix: "see that what it calls answers, then replay the dead letters",
    retryable: true,
  });
}

function invalid({ recordId }: SourceRecord, name: string, reason: string): SyncError {
  return new SyncError("TRANSFORM_INVALID", `enrichment ${name}: ${reason}`, {
    subject: `record ${recordId}`,
    fix: "correct keyOf, then replay the dead letters",
    retryable: false,
  });
}
