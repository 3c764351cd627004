import type { DeclaredProgram } from "../synth/declared-resource.ts";
import { tokensOf } from "../synth/tokens.ts";

/** Which attributes of each resource the rest of a program, or its outputs, refer to. `Ref` is always known. */
export function attributesByResource({
  resources,
  environment,
}: DeclaredProgram): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { of, attribute } of [environment, ...resources.map(({ properties }) => properties)].flatMap(
    tokensOf,
  )) {
    if (attribute === undefined) continue;
    const known = found.get(of) ?? new Set();
    found.set(of, known.add(attribute));
  }
  return new Map([...found].map(([logicalId, attributes]) => [logicalId, [...attributes].sort()]));
}
