/** A mapping body, as OpenSearch takes it. */
export interface IndexMapping {
  readonly dynamic?: boolean | "strict" | "false";
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly dynamic_templates?: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

/** Strings longer than this are found by their words only; Lucene refuses terms over 32,766 bytes. */
const LONGEST_KEYWORD = 1024;

/**
 * What an index maps fields as where the user says nothing: no value a source may hold is refused.
 *
 * Strings are full text with an exact `keyword` beside it. Whole numbers would be guessed as `long`, which
 * refuses 38 digits with a 400, so they become doubles that ignore what they cannot hold: the digits stay in
 * `_source`. Dates are not guessed: the second document may not be one.
 *
 * @see https://docs.opensearch.org/latest/field-types/dynamic/ dynamic templates
 */
export const defaultMapping: IndexMapping = {
  date_detection: false,
  numeric_detection: false,
  dynamic_templates: [
    {
      whole_numbers: { match_mapping_type: "long", mapping: { type: "double", ignore_malformed: true } },
    },
    {
      numbers: { match_mapping_type: "double", mapping: { type: "double", ignore_malformed: true } },
    },
    {
      strings: {
        match_mapping_type: "string",
        mapping: {
          type: "text",
          fields: { keyword: { type: "keyword", ignore_above: LONGEST_KEYWORD } },
        },
      },
    },
  ],
};

/**
 * The user's mapping over the default one: what the user declares wins, the templates catch the rest.
 *
 * @param declared - a mapping body; its own `dynamic_templates` come first, because the first that matches wins
 */
export function mergeMapping(declared: IndexMapping = {}): IndexMapping {
  const templates = [...(declared.dynamic_templates ?? []), ...(defaultMapping.dynamic_templates ?? [])];
  return { ...defaultMapping, ...declared, dynamic_templates: templates };
}
