import { createHash } from "node:crypto";

const HASH_DIGITS = 16;

/**
 * Which transform that is, with what it is configured with: another value makes other documents, as other code does.
 *
 * @param moduleHash - of the module and its imports
 * @param configuration - plain JSON values; the order of members says nothing
 */
export function hashConfiguredTransform(moduleHash: string, configuration: object): string {
  if (Object.keys(configuration).length === 0) return moduleHash;
  const text = JSON.stringify(configuration, (_name, value: unknown) => sortMembers(value));
  return createHash("sha256").update(`${moduleHash} ${text}`).digest("hex").slice(0, HASH_DIGITS);
}

function sortMembers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
