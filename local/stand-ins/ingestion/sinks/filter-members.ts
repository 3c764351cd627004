import { type EventData, type EventValue, isEventData, writeJson } from "../event.ts";

/** Which members of an event a sink writes. Both lists hold names without `/`, in order. */
export type MemberFilter =
  | { readonly kind: "all" }
  | { readonly kind: "only" | "without"; readonly names: readonly string[] };

/** An event as a sink writes it. */
export function writeMembers(data: EventData, filter: MemberFilter): string {
  return filter.kind === "all" ? writeJson(data) : searchAndFilter(data, "", filter);
}

/**
 * Filters as Data Prepper does, with what it does wrong: a member whose name begins a filtered name is entered as if it
 * were an object, so that a text there becomes `{}`, and quotes in the names of filtered levels are not escaped.
 *
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-api/…/event/JacksonEvent.java` searchAndFilter
 */
function searchAndFilter(
  value: EventValue,
  path: string,
  filter: Exclude<MemberFilter, { readonly kind: "all" }>,
): string {
  if (isList(value)) return `[${value.map((member) => searchAndFilter(member, path, filter)).join(",")}]`;
  const members = isEventData(value) ? Object.entries(value) : [];
  const written = members.flatMap(([name, member]) => {
    const memberPath = path === "" ? name.replace(/^\//, "") : `${path}/${name}`;
    const found = filter.names.find((key) => key.startsWith(memberPath));
    if (found === memberPath) return filter.kind === "only" ? [`"${name}":${writeJson(member)}`] : [];
    if (found !== undefined) return [`"${name}":${searchAndFilter(member, memberPath, filter)}`];
    return filter.kind === "only" ? [] : [`"${name}":${writeJson(member)}`];
  });
  return `{${written.join(",")}}`;
}

function isList(value: EventValue): value is readonly EventValue[] {
  return Array.isArray(value);
}
