import type { DriftKind } from "./audit-report.ts";

/** What a comparison found about one document: a drift, or something only a re-read can tell. */
export interface Finding {
  /** `ambiguous`: what the index holds is not certain; read again without being counted. */
  readonly kind: DriftKind | "ambiguous";
  readonly id: string;
  readonly recordId: string;
  /** 1: database against manifest. 2: manifest against index. */
  readonly stage: 1 | 2;
}

/** What one comparison of one bucket found. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** Ids that changed while they were looked at. */
  readonly notJudged: number;
}

/**
 * One finding a document: a drift before an ambiguity, stage 1 before stage 2, because what the record says
 * decides what becomes of the document anyway.
 */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byId.get(finding.id);
    if (known === undefined || (known.kind === "ambiguous" && finding.kind !== "ambiguous")) {
      byId.set(finding.id, finding);
    }
  }
  return [...byId.values()];
}

/** Findings of a first look that a second look, at a newer manifest, made again. */
export function survivors(first: readonly Finding[], second: readonly Finding[]): readonly Finding[] {
  const again = new Set(second.map(nameOf));
  return first.filter((finding) => again.has(nameOf(finding)));
}

function nameOf({ kind, id }: Finding): string {
  return `${kind} ${id}`;
}
