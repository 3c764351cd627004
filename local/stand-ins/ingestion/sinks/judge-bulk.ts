import type { BulkOperation } from "./bulk-operation.ts";

/** One write's answer. */
export interface BulkItem {
  readonly status: number;
  readonly errorType: string | undefined;
  /** The error's reasons, outermost first; empty without an error. */
  readonly message: string;
}

/** What came of sending a bulk. */
export type BulkAnswer =
  | { readonly kind: "answered"; readonly items: readonly BulkItem[] }
  /** Nobody answered (no status), or the request as a whole was refused. */
  | { readonly kind: "failed"; readonly status: number | undefined; readonly message: string };

/** A write the index will never take. Status 0: there was no answer to it alone. */
export interface RefusedOperation {
  readonly operation: BulkOperation;
  readonly status: number;
  readonly message: string;
}

/** What to do with each write of a bulk. */
export interface BulkVerdict {
  readonly again: readonly BulkOperation[];
  readonly taken: readonly BulkOperation[];
  /** The index has a newer version; success where versions come from outside. */
  readonly superseded: readonly BulkOperation[];
  readonly refused: readonly RefusedOperation[];
}

export interface BulkRules {
  readonly externalVersions: boolean;
  /** Tries in all; undefined: without end. */
  readonly maximumTries: number | undefined;
}

const FINAL = [400, 404, 409];
/** A delete of what is not there is sent so many times in all. */
const DELETE_TRIES = 3;
const CONFLICT = "version_conflict_engine_exception";

/**
 * Judges a bulk's answer as Data Prepper does.
 *
 * Once the tries are used up, everything of the last request is refused: what it had taken, too.
 *
 * @param tries - how often these were sent, this time included
 * @see https://github.com/opensearch-project/data-prepper `opensearch/…/BulkRetryStrategy.java`
 */
export function judgeBulk(
  operations: readonly BulkOperation[],
  answer: BulkAnswer,
  tries: number,
  rules: BulkRules,
): BulkVerdict {
  const verdict =
    answer.kind === "failed"
      ? judgeFailure(operations, answer)
      : judgeItems(operations, answer.items, tries, rules);
  const { maximumTries } = rules;
  if (verdict.again.length === 0 || maximumTries === undefined || tries < maximumTries) return verdict;
  const message = `Number of retries reached the limit of max retries (configured value ${maximumTries}. Last exception message: ${answer.kind === "failed" ? answer.message : "-"})`;
  return refuseAll(operations, message);
}

function judgeFailure(
  operations: readonly BulkOperation[],
  { status, message }: Extract<BulkAnswer, { readonly kind: "failed" }>,
): BulkVerdict {
  if (status !== undefined && FINAL.includes(status)) return refuseAll(operations, message);
  return { again: operations, taken: [], superseded: [], refused: [] };
}

function judgeItems(
  operations: readonly BulkOperation[],
  items: readonly BulkItem[],
  tries: number,
  { externalVersions }: BulkRules,
): BulkVerdict {
  const judged = operations.map((operation, place) => {
    const item = items[place] ?? { status: 500, errorType: undefined, message: "no answer" };
    return { operation, item, fate: judgeItem(operation, item, tries, externalVersions) };
  });
  const of = (wanted: Fate) => judged.filter(({ fate }) => fate === wanted);
  return {
    again: of("again").map(({ operation }) => operation),
    taken: of("taken").map(({ operation }) => operation),
    superseded: of("superseded").map(({ operation }) => operation),
    refused: of("refused").map(({ operation, item }) => ({
      operation,
      status: item.status,
      message: item.message,
    })),
  };
}

type Fate = keyof BulkVerdict;

function judgeItem(
  { action }: BulkOperation,
  { status, errorType }: BulkItem,
  tries: number,
  externalVersions: boolean,
): Fate {
  if (status < 300 && errorType === undefined) return "taken";
  if (status === 404 && action === "delete") return tries < DELETE_TRIES ? "again" : "refused";
  if (!FINAL.includes(status)) return "again";
  return externalVersions && errorType === CONFLICT ? "superseded" : "refused";
}

function refuseAll(operations: readonly BulkOperation[], message: string): BulkVerdict {
  const refused = operations.map((operation) => ({ operation, status: 0, message }));
  return { again: [], taken: [], superseded: [], refused };
}

const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 600_000;

/** The pause after so many tries: doubling, 50 ms to 10 min. */
export function bulkPauseMillis(tries: number): number {
  return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (tries - 1));
}
