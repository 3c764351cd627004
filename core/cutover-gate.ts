import type { GenerationControl } from "./table-control.ts";

/** What is known of a generation at the moment the alias would move to it. */
export interface GateFacts {
  readonly generation: GenerationControl;
  /** Newest source change minus newest indexed, seconds; undefined = not known, which shuts the gate. */
  readonly lagSeconds: number | undefined;
  /** Messages on the generation's dead-letter queue, waiting or in flight. */
  readonly deadLetters: number;
  /** The engine's index has the uuid the generation was made with. */
  readonly indexIntact: boolean;
  readonly now: number;
}

/** The limits a deployment sets. */
export interface GateLimits {
  readonly maximumLagSeconds: number;
  /** A clean audit older than this proves nothing any more. */
  readonly maximumAuditAgeDays: number;
}

/**
 * Why the alias may not move.
 *
 * `load` and `lag` pass by waiting; `audit` needs an audit; `gap` and `dead-letters` need a person.
 */
export interface GateBlock {
  readonly check: "gap" | "load" | "lag" | "dead-letters" | "audit";
  readonly reason: string;
}

const DAY_MILLIS = 86_400_000;
const SECOND_MILLIS = 1000;

/** Judges every condition of a cutover or rollback. @returns what blocks, gravest first; empty = the gate is open */
export function judgeGate(facts: GateFacts, limits: GateLimits): readonly GateBlock[] {
  return [
    gapBlock(facts),
    loadBlock(facts.generation),
    lagBlock(facts, limits),
    deadLettersBlock(facts),
    auditBlock(facts, limits),
  ].filter((block) => block !== undefined);
}

function gapBlock({ generation, indexIntact }: GateFacts): GateBlock | undefined {
  if (!indexIntact) {
    return { check: "gap", reason: `index ${generation.index} is gone or was replaced behind our back` };
  }
  const { gap } = generation;
  if (gap === undefined) return undefined;
  return { check: "gap", reason: `a gap was found ${gap.detectedAt}: ${gap.cause}` };
}

function loadBlock({ load }: GenerationControl): GateBlock | undefined {
  if (load?.state === "done") return undefined;
  if (load?.state === "failed") return { check: "load", reason: "the bulk load failed" };
  return {
    check: "load",
    reason: load === undefined ? "the bulk load has not begun" : "the bulk load is running",
  };
}

function lagBlock({ lagSeconds }: GateFacts, { maximumLagSeconds }: GateLimits): GateBlock | undefined {
  if (lagSeconds === undefined) {
    return { check: "lag", reason: "the lag is not known: nothing has been read from the stream yet" };
  }
  if (lagSeconds <= maximumLagSeconds) return undefined;
  return { check: "lag", reason: `lag is ${lagSeconds} s, the most allowed is ${maximumLagSeconds} s` };
}

function deadLettersBlock({ deadLetters }: GateFacts): GateBlock | undefined {
  if (deadLetters === 0) return undefined;
  return { check: "dead-letters", reason: `${deadLetters} dead letters are open` };
}

function auditBlock({ generation, now }: GateFacts, limits: GateLimits): GateBlock | undefined {
  const { lastAudit, lastCleanAudit, load } = generation;
  if (lastCleanAudit === undefined) return { check: "audit", reason: "no audit has found it clean yet" };
  if (lastAudit !== undefined && lastAudit.finishedAt > lastCleanAudit.finishedAt) {
    return { check: "audit", reason: `the newest audit, ${lastAudit.run}, did not find it clean` };
  }
  const comparedAt = Date.parse(lastCleanAudit.exportTime);
  if (comparedAt < wholeSecond(load?.finishedAt)) {
    return { check: "audit", reason: "the last clean audit is older than the bulk load" };
  }
  const ageDays = (now - comparedAt) / DAY_MILLIS;
  if (ageDays <= limits.maximumAuditAgeDays) return undefined;
  return { check: "audit", reason: `the last clean audit is ${Number(ageDays.toFixed(1))} days old` };
}

/** DynamoDB keeps export times in whole seconds, so a load's end is compared in whole seconds too. */
function wholeSecond(finishedAt: string | undefined): number {
  if (finishedAt === undefined) return Number.POSITIVE_INFINITY;
  return Math.floor(Date.parse(finishedAt) / SECOND_MILLIS) * SECOND_MILLIS;
}
