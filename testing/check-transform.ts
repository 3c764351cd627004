import { SyncError } from "../core/errors.ts";
import type { UserTransform } from "../core/transform.ts";
import { checkHistories } from "./histories/check-histories.ts";
import type { BrokenPromise, CheckOptions, PromiseName, TransformReport } from "./options.ts";
import { checkNoThrow, checkResultCount } from "./promises/answers.ts";
import { checkBatchOrder, checkBatchSize } from "./promises/batches.ts";
import {
  checkClock,
  checkEarlierVersion,
  checkOtherRecords,
  checkRandomness,
  checkRepeatable,
} from "./promises/determinism.ts";
import { checkUniqueIds, checkValidDocuments } from "./promises/documents.ts";
import { checkOneFailure, checkSwallowedError } from "./promises/failures.ts";
import { checkInputUnchanged } from "./promises/inputs.ts";
import { openTrial, type Trial } from "./trial.ts";

type Check = (trial: Trial) => Promise<BrokenPromise | undefined>;

/** In the order they are tried and told. */
const CHECKS: readonly (readonly [PromiseName, Check])[] = [
  ["no-throw", checkNoThrow],
  ["result-count", checkResultCount],
  ["valid-documents", checkValidDocuments],
  ["input-unchanged", checkInputUnchanged],
  ["repeatable", checkRepeatable],
  ["clock", checkClock],
  ["randomness", checkRandomness],
  ["other-records", checkOtherRecords],
  ["earlier-version", checkEarlierVersion],
  ["batch-order", checkBatchOrder],
  ["batch-size", checkBatchSize],
  ["unique-ids", checkUniqueIds],
  ["swallowed-error", checkSwallowedError],
  ["one-failure", checkOneFailure],
];

/** What follows from each of these; told by themselves they only repeat it. */
const CAUSES: ReadonlySet<PromiseName> = new Set([
  "no-throw",
  "result-count",
  "repeatable",
  "clock",
  "randomness",
]);

/** What a broken promise breaks with it. */
const FOLLOWING: Readonly<Partial<Record<PromiseName, readonly PromiseName[]>>> = {
  "other-records": ["earlier-version", "one-failure"],
  "batch-order": ["batch-size", "one-failure"],
  "batch-size": ["one-failure"],
};

/**
 * Looks for inputs and histories for which a transform would make its index differ from its source.
 *
 * The transform is called some thousand times, in this process, with clock and random numbers held still while it runs; what it
 * calls beside `fetch` and `lookup` is called for real. Histories are tried where nothing was found before.
 *
 * @returns every broken promise, each with the smallest case found
 * @throws SyncError `CONFIGURATION_INVALID` when the options cannot be used
 */
export async function inspectTransform(
  transform: UserTransform,
  options: CheckOptions,
): Promise<TransformReport> {
  const { seed = 1, except = [] } = options;
  const trial = openTrial(transform, options);
  const broken: BrokenPromise[] = [];
  for (const [name, check] of CHECKS) {
    const isTold = broken.some(({ promise }) => CAUSES.has(promise) || FOLLOWING[promise]?.includes(name));
    if (except.includes(name) || isTold) continue;
    const found = await check(trial);
    if (found !== undefined) broken.push(found);
  }
  if (broken.length > 0 || except.includes("histories")) return { broken, histories: 0, seed };
  const { tried, broken: history } = await checkHistories(trial);
  return { broken: history === undefined ? [] : [history], histories: tried, seed };
}

/**
 * {@link inspectTransform}, for a test of any runner: throws what was found.
 *
 * @example
 * ```ts
 * import { checkTransform } from "trueup/testing";
 * import orders from "../transforms/orders.ts";
 *
 * test("orders keep their index true", () =>
 *   checkTransform(orders, {
 *     records: [{ id: "1", total: 12.5, placedAt: "2026-11-25" }, { id: "2" }],
 *     key: { partitionKey: "id" },
 *   }));
 * ```
 *
 * @throws SyncError `TRANSFORM_UNSOUND` that shows every broken promise
 */
export async function checkTransform(
  transform: UserTransform,
  options: CheckOptions,
): Promise<TransformReport> {
  const report = await inspectTransform(transform, options);
  if (report.broken.length === 0) return report;
  throw new SyncError("TRANSFORM_UNSOUND", `a transform breaks ${report.broken.length} of its promises`, {
    subject: `\n${report.broken.map(renderBroken).join("\n\n")}\n`,
    fix: "correct the transform; docs/transforms.md says what each promise is for",
    retryable: false,
  });
}

/** A broken promise as a person reads it. */
export function renderBroken({ promise, what, example, fix }: BrokenPromise): string {
  return [`  ${promise}: ${what}.`, ...example.map((line) => `    ${line}`), `    To do: ${fix}.`].join("\n");
}
