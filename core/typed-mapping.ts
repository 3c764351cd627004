import type { PlainNumber } from "./exact-number.ts";

/** What a document may hold where a field has a type; one of them, or a list of them. */
interface FieldValues {
  readonly alias: never;
  readonly binary: string;
  readonly boolean: boolean;
  readonly byte: PlainNumber;
  readonly completion: string | object;
  readonly constant_keyword: string;
  readonly date: string | number | Date;
  readonly date_nanos: string | number | Date;
  readonly date_range: object;
  readonly double: PlainNumber;
  readonly double_range: object;
  readonly flat_object: object;
  readonly float: PlainNumber;
  readonly float_range: object;
  readonly geo_point: string | { readonly lat: PlainNumber; readonly lon: PlainNumber } | PlainNumber;
  readonly geo_shape: string | object;
  readonly half_float: PlainNumber;
  readonly integer: PlainNumber;
  readonly integer_range: object;
  readonly ip: string;
  readonly ip_range: string | object;
  readonly join: string | object;
  readonly keyword: string;
  readonly knn_vector: PlainNumber;
  readonly long: PlainNumber;
  readonly long_range: object;
  readonly match_only_text: string;
  readonly nested: object;
  readonly object: object;
  readonly percolator: object;
  readonly rank_feature: PlainNumber;
  readonly rank_features: object;
  readonly scaled_float: PlainNumber;
  readonly search_as_you_type: string;
  readonly short: PlainNumber;
  readonly text: string;
  readonly token_count: string;
  readonly unsigned_long: PlainNumber;
  readonly wildcard: string;
  readonly xy_point: string | object | PlainNumber;
  readonly xy_shape: string | object;
}

/** Types of fields. @see https://docs.opensearch.org/latest/field-types/supported-field-types/index/ */
export type FieldType = keyof FieldValues;

/** One field of a mapping: a type, or fields below it. */
export interface FieldMapping {
  readonly type?: FieldType;
  readonly properties?: FieldMappings;
  readonly [parameter: string]: unknown;
}

/** Fields by name. */
export interface FieldMappings {
  readonly [name: string]: FieldMapping;
}

/** A mapping whose fields are known when a transform is compiled. */
export interface TypedMapping {
  /** Fields that are not declared are refused by the compiler unless this is true. */
  readonly dynamic?: boolean | "strict" | "false";
  readonly properties: FieldMappings;
  readonly [parameter: string]: unknown;
}

/** What a document of a mapping may hold. Any field may be absent, and hold one value or a list of them. */
export type DocumentOf<Mapping extends TypedMapping> = ObjectOf<Mapping["properties"]> &
  (Mapping["dynamic"] extends true ? object : unknown);

type ObjectOf<Fields> = { readonly [Name in keyof Fields]?: FieldValue<Fields[Name]> };

type FieldValue<Field> = Several<OneValue<Field>> | null | undefined;

type Several<Value> = Value | readonly Value[];

type OneValue<Field> = Field extends { readonly properties: infer Fields }
  ? ObjectOf<Fields>
  : Field extends { readonly type: infer Type extends FieldType }
    ? FieldValues[Type]
    : unknown;

/** What of a transform's results does not fit its mapping, in words, by path; never where all does. */
export type MappingFaults<Result, Mapping extends TypedMapping> = FaultsIn<
  DocumentsIn<Result>,
  Mapping["properties"],
  "",
  Mapping["dynamic"] extends true ? true : false
>;

type DocumentsIn<Result> = Result extends readonly (infer Named)[]
  ? Named extends { readonly document: infer Document }
    ? Document
    : never
  : Result;

type FaultsIn<Value, Fields, Path extends string, Dynamic> = Value extends readonly (infer Member)[]
  ? FaultsIn<Member, Fields, Path, Dynamic>
  : Value extends object
    ? {
        [Name in keyof Value & string]-?: Name extends keyof Fields
          ? FaultsOfField<Value[Name], Fields[Name], `${Path}${Name}`, Dynamic>
          : Dynamic extends true
            ? never
            : string extends Name
              ? `${Path}<any name>: not in the mapping`
              : `${Path}${Name}: not in the mapping`;
      }[keyof Value & string]
    : never;

type FaultsOfField<Value, Field, Path extends string, Dynamic> = [Value] extends [
  Several<object> | null | undefined,
]
  ? Field extends { readonly properties: infer Below }
    ? FaultsIn<NonNullable<Value>, Below, `${Path}.`, Dynamic>
    : MistypedField<Value, Field, Path>
  : MistypedField<Value, Field, Path>;

type MistypedField<Value, Field, Path extends string> = [Value] extends [FieldValue<Field>]
  ? never
  : `${Path}: not of its mapped type`;

/**
 * Declares a mapping so that a transform can be checked against it: see `defineTransformFor`. A module that exports one is a
 * table's `mapping`, as a JSON file is.
 *
 * @example
 * ```ts
 * export default defineMapping({ properties: { customer: { type: "keyword" }, total: { type: "double" } } });
 * ```
 */
export function defineMapping<const Mapping extends TypedMapping>(mapping: Mapping): Mapping {
  return mapping;
}
