import { SyncError } from "../core/errors.ts";
import type { TargetLack, TargetProbe } from "../core/ports/target-probe.ts";

/**
 * Lets pass only a target that can do what a generation rests on, by trying it.
 *
 * @param needs - `audits`: whether audits will look at the index, which asks for more
 * @throws SyncError `TARGET_UNSUPPORTED` that names every lack (not retryable)
 */
export async function requireCapableTarget(
  probe: TargetProbe,
  probeIndex: string,
  needs: { readonly audits: boolean },
): Promise<void> {
  const found = await probe.findLacks(probeIndex);
  const lacks = found.filter(({ neededBy }) => neededBy === "generation" || needs.audits);
  if (lacks.length === 0) return;
  throw new SyncError("TARGET_UNSUPPORTED", "the search target lacks what a generation rests on", {
    subject: lacks.map(({ capability, instead }) => `no ${capability}: ${instead}`).join("; "),
    fix: isOnlyAudits(lacks)
      ? "set audit.verifyIndex: false, which leaves the audit of database against manifest, or use a domain"
      : "use a domain, or an engine of your own, as the target",
    retryable: false,
  });
}

function isOnlyAudits(lacks: readonly TargetLack[]): boolean {
  return lacks.every(({ neededBy }) => neededBy === "index-audit");
}
