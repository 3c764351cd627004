/**
 * The names of top-level fields that differ between two documents, sorted. Never their values.
 *
 * @param left - JSON text of an object
 * @param right - JSON text of an object
 */
export function differingFields(left: string, right: string): readonly string[] {
  const [one, other] = [fieldsOf(left), fieldsOf(right)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** Each field's value in one canonical text: numbers as written, names of objects sorted. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" ? JSON.rawJSON(context?.source ?? String(value)) : sortNames(value),
  );
  const isObject = text.trimStart().startsWith("{") && typeof parsed === "object" && parsed !== null;
  const entries = isObject ? Object.entries(parsed) : [];
  return new Map(entries.map(([name, value]) => [name, JSON.stringify(value)]));
}

function sortNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
