import type { Enrichment, Enrichments } from "./enrichment.ts";
import type { SourceRecord, TransformServices } from "./transform-services.ts";
import type { MappingFaults, TypedMapping } from "./typed-mapping.ts";

export type { Enrichment, EnrichmentFailurePolicy, EnrichmentServices } from "./enrichment.ts";
export type { SourceRecord, TransformConfiguration, TransformServices } from "./transform-services.ts";
export { type DocumentOf, defineMapping, type TypedMapping } from "./typed-mapping.ts";

/** A document of its own id, for records that become several. */
export interface NamedDocument {
  /** At most 512 bytes of UTF-8, unique over the whole index. */
  readonly id: string;
  readonly document: object;
}

/** What becomes of one record: its document, several, or none (`null`: the record is not searchable). */
export type TransformResult = object | readonly NamedDocument[] | null;

/** The values of enrichments, by name. */
export type EnrichedValues = Readonly<Record<string, unknown>>;

/** A record and what its enrichments fetched. */
export interface EnrichedRecord<Values extends EnrichedValues = EnrichedValues> extends SourceRecord {
  /** undefined: the record has no key, there is no value, or it is indexed without one. Values are frozen. */
  readonly enriched: { readonly [Name in keyof Values]: Values[Name] | undefined };
}

/** A user's transform. */
export interface UserTransform {
  readonly kind: "user";
  /**
   * `one`: never several documents of a record, so old images need not be transformed.
   * `any`: old images are transformed too, so that documents a record no longer makes can be removed.
   */
  readonly documents: "one" | "any";
  /** The longest one call may take. */
  readonly timeoutMillis: number;
  readonly enrichments?: Enrichments;
  // A method, so that it may be one over records of certain enrichments: those it is declared with.
  transform(
    records: readonly EnrichedRecord[],
    services: TransformServices,
  ): Promise<readonly TransformResult[]> | readonly TransformResult[];
}

/** Batch-first: one result a record, in the order given. Must depend on nothing but the record and what it looks up. */
export type TransformFunction<Values extends EnrichedValues = EnrichedValues> = (
  records: readonly EnrichedRecord<Values>[],
  services: TransformServices,
) => Promise<readonly TransformResult[]> | readonly TransformResult[];

/** What a generation makes its documents with; `identity` has a path without any parsing. */
export type Transform = UserTransform | { readonly kind: "identity" };

/** How records become documents. */
export interface TransformDeclaration<Values extends EnrichedValues> {
  /**
   * Values from outside, fetched before the transform is called. A record whose value cannot be fetched is dealt with as
   * its enrichment says, and holds up no other.
   */
  readonly enrichments?: { readonly [Name in keyof Values]: Enrichment<Values[Name]> };
  readonly transform: TransformFunction<Values>;
  /** @default "any" */
  readonly documents?: "one" | "any";
  /** @default 10000 */
  readonly timeoutMillis?: number;
}

/**
 * Declares how records become documents. The module's default export.
 *
 * @example
 * ```ts
 * export default defineTransform({
 *   async transform(records) {
 *     return records.map(({ item }) => ({ ...item, hasEmail: "email" in item }));
 *   },
 * });
 * ```
 */
export function defineTransform<Values extends EnrichedValues = Readonly<Record<never, never>>>(
  declaration: TransformDeclaration<Values>,
): UserTransform {
  return { kind: "user", documents: "any", timeoutMillis: 10_000, ...declaration };
}

/** A transform whose results are known. */
export interface MappedDeclaration<Values extends EnrichedValues, Result>
  extends Omit<TransformDeclaration<Values>, "transform"> {
  readonly transform: (
    records: readonly EnrichedRecord<Values>[],
    services: TransformServices,
  ) => Promise<readonly Result[]> | readonly Result[];
}

/** Asks for what nobody can give, so that the compiler says what does not fit. */
export type Fitting<Faults> = [Faults] extends [never] ? unknown : { readonly doesNotFitTheMapping: Faults };

/**
 * {@link defineTransform}, checked by the compiler against a mapping: a field the mapping has not, or of another type than it
 * has there, does not compile. What is spread from a record has any field, so name what a document has.
 *
 * Only the mapping's type is needed: import no more of it, and a field can be added to it in place, while what is imported
 * is part of the transform, whose change needs a new `revision`.
 *
 * @example
 * ```ts
 * import type mapping from "../mappings/orders.ts";
 *
 * export default defineTransformFor<typeof mapping>()({
 *   transform: (records) => records.map(({ item }) => ({ total: Number(item["total"]) })),
 * });
 * ```
 */
export function defineTransformFor<Mapping extends TypedMapping>() {
  return <Result extends TransformResult, Values extends EnrichedValues = Readonly<Record<never, never>>>(
    declaration: MappedDeclaration<Values, Result> & Fitting<MappingFaults<Result, Mapping>>,
  ): UserTransform => ({ kind: "user", documents: "any", timeoutMillis: 10_000, ...declaration });
}
