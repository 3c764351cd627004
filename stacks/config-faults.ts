import type { z } from "zod";
import { type Fault, SyncError } from "../components/index.ts";

/** The error that lists every fault of a stack's configuration. @param faults - paths below `trueup:`, one or more */
export function configurationInvalid(faults: readonly Fault[]): SyncError {
  const lines = faults.map(({ propertyPath, reason }) => `  trueup:${propertyPath}: ${reason}`);
  return new SyncError("CONFIGURATION_INVALID", `${faults.length} fault(s) in the stack's configuration`, {
    subject: `\n${lines.join("\n")}\n`,
    fix: "correct the lines above in the stack's file, see docs/reference/configuration.md",
    retryable: false,
  });
}

/**
 * Says what a schema found in a person's words, each at the deepest path that is known to be meant.
 *
 * Of forms that exclude each other, the one is meant all of whose members are known to it; its own faults are told,
 * not that the value is none of the forms.
 */
export function toFaults(
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[] = [],
): readonly Fault[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    const here = { propertyPath: toPath(path), reason: issue.message };
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => ({
          propertyPath: toPath([...path, key]),
          reason: "is not known here; correct its spelling or remove it",
        }));
      case "invalid_key":
        return issue.issues.map(({ message }) => ({ ...here, reason: message }));
      case "invalid_union": {
        const [meant, ...others] = issue.errors.filter(isMeant);
        return meant === undefined || others.length > 0 ? [here] : toFaults(meant, path);
      }
      default:
        return [here];
    }
  });
}

function isMeant(issues: readonly z.core.$ZodIssue[]): boolean {
  return !issues.some(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .slice(1);
}
