import { type GateBlock, type GateFacts, type GateLimits, judgeGate } from "./cutover-gate.ts";
import type { GenerationStatus } from "./table-status.ts";

/** What `trueup status` needs to know of one generation, beside what the gate needs. */
export interface StatusFacts extends GateFacts {
  readonly documents: number;
  readonly serves: boolean;
}

/**
 * Says where a generation is on its way from an empty index to serving.
 *
 * A serving generation is `serving` whatever else is wrong with it; what is wrong stands in `blockedBy` and `gap`.
 */
export function toGenerationStatus(facts: StatusFacts, limits: GateLimits): GenerationStatus {
  const { generation, lagSeconds } = facts;
  const [block] = judgeGate(facts, limits);
  const clean = generation.lastCleanAudit?.finishedAt;
  return {
    generation: generation.generation,
    phase: phaseOf(facts, limits),
    documents: facts.documents,
    deadLetters: facts.deadLetters,
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(generation.gap === undefined ? {} : { gap: generation.gap.cause }),
    ...(clean === undefined ? {} : { lastCleanAudit: clean }),
    ...blockedBy(facts, block),
  };
}

/** A build that failed says why; that is more than the gate knows. */
function blockedBy(
  { generation, serves }: StatusFacts,
  block: GateBlock | undefined,
): { blockedBy?: string } {
  const failure = serves ? undefined : generation.buildFailure?.cause;
  const reason = failure === undefined ? block?.reason : `the build failed: ${failure}`;
  return reason === undefined ? {} : { blockedBy: reason };
}

function phaseOf(facts: StatusFacts, limits: GateLimits): GenerationStatus["phase"] {
  if (facts.serves) return "serving";
  // Nobody moves the alias for a build that has ended, even where the gate has opened since.
  if (facts.generation.buildFailure !== undefined) return "failed";
  const blocks = new Set(judgeGate(facts, limits).map(({ check }) => check));
  if (blocks.size === 0) return "ready";
  if (blocks.has("gap")) return "failed";
  if (blocks.has("load")) return "loading";
  if (blocks.has("lag")) return "catching-up";
  return "auditing";
}
