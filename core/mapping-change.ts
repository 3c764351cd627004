type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** How a newly declared mapping differs from the one an index was made with. */
export type MappingChange =
  | { readonly kind: "same" | "additive" }
  /** `path`: the first thing that was changed or removed, dots between names. */
  | { readonly kind: "incompatible"; readonly path: string };

/**
 * Tells whether a mapping only gained something, which an index in use can take.
 *
 * Whether the engine takes it is still the engine's to say: a new field may clash with a dynamic one.
 *
 * @param before - the mapping as it was declared
 * @param after - the mapping as it is declared now
 * @see https://docs.opensearch.org/latest/api-reference/index-apis/put-mapping/
 */
export function compareMappings(before: unknown, after: unknown): MappingChange {
  const lost = firstLoss(toJson(before), toJson(after), "");
  if (lost !== undefined) return { kind: "incompatible", path: lost === "" ? "(whole)" : lost };
  return { kind: firstLoss(toJson(after), toJson(before), "") === undefined ? "same" : "additive" };
}

/** @returns the path of the first thing in `before` that `after` lacks or has otherwise */
function firstLoss(before: Json, after: Json, path: string): string | undefined {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : path;
  }
  for (const [name, value] of Object.entries(before)) {
    const below = path === "" ? name : `${path}.${name}`;
    const other = after[name];
    const lost = other === undefined ? below : firstLoss(value, other, below);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** With the names of objects in one order, inside lists too: there a whole element is compared as text. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null), (_name, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
