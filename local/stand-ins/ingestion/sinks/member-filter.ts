import type { MemberFilter } from "./filter-members.ts";

/** What a sink's options leave of events. An empty list filters nothing. */
export function toMemberFilter(options: {
  readonly include_keys?: readonly string[] | undefined;
  readonly exclude_keys?: readonly string[] | undefined;
}): MemberFilter {
  const { include_keys: only = [], exclude_keys: without = [] } = options;
  if (only.length > 0) return { kind: "only", names: [...only].sort() };
  return without.length > 0 ? { kind: "without", names: [...without].sort() } : { kind: "all" };
}
