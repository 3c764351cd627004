import type { z } from "zod";
import type { Fault } from "../faults.ts";

/** What a schema found, each at its path, an unknown key at its own. */
export function toFaults(issues: readonly z.core.$ZodIssue[], above = ""): readonly Fault[] {
  return issues.flatMap((issue) => {
    const path = join(above, issue.path);
    if (issue.code !== "unrecognized_keys") return [{ propertyPath: path, reason: issue.message }];
    return issue.keys.map((key) => ({
      propertyPath: join(path, [key]),
      reason: "is not known here; correct its spelling or remove it",
    }));
  });
}

/** `sink`, `[0, "s3"]` -> `sink[0].s3`. */
export function join(above: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((whole, part) => {
    if (typeof part === "number") return `${whole}[${part}]`;
    return whole === "" ? String(part) : `${whole}.${String(part)}`;
  }, above);
}
