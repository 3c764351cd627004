import type { AttributeMap } from "../../core/attribute-value.ts";
import type { Ambient } from "../ambient.ts";
import type { BrokenPromise, PromiseName } from "../options.ts";
import { rekey, underKeyOf } from "../rekey.ts";
import { isSame, labelled, showImage, showOutcome, showWhole } from "../show.ts";
import { type Outcome, outcomeIn, type Trial, USUAL } from "../trial.ts";
import { checkSharedValues } from "./shared-values.ts";

const YEARS_LATER_MILLIS = 3 * 365 * 86_400_000 + 12_345_678;

/** The same record, transformed twice, is the same document. */
export async function checkRepeatable(trial: Trial): Promise<BrokenPromise | undefined> {
  return compareOver(trial, {
    promise: "repeatable",
    what: "the same record becomes another document when it is transformed again, which replays and audits do",
    fix: "keep nothing between calls, and use nothing that differs from call to call",
    labels: ["once", "again"],
    again: (image) => outcomeIn(trial, [image]),
  });
}

/** The time of the call says nothing. */
export async function checkClock(trial: Trial): Promise<BrokenPromise | undefined> {
  const later: Ambient = { ...USUAL, nowMillis: USUAL.nowMillis + YEARS_LATER_MILLIS };
  return compareOver(trial, {
    promise: "clock",
    what: "a record becomes another document at another time, so that a re-read or a new build changes it",
    fix: "take times from the record, or compute what depends on today when searching",
    labels: [new Date(USUAL.nowMillis).toISOString(), new Date(later.nowMillis).toISOString()],
    again: (image) => outcomeIn(trial, [image], 0, later),
  });
}

/** Neither do random numbers. */
export async function checkRandomness(trial: Trial): Promise<BrokenPromise | undefined> {
  return compareOver(trial, {
    promise: "randomness",
    what: "a record becomes another document with other random numbers",
    fix: "derive what must look random from recordId, by a hash",
    labels: ["one seed", "another"],
    again: (image) => outcomeIn(trial, [image], 0, { ...USUAL, seed: 2 }),
  });
}

/** Records that went before say nothing, not even those that share a value. */
export async function checkOtherRecords(trial: Trial): Promise<BrokenPromise | undefined> {
  return (await checkAnyOthers(trial)) ?? (await checkSharedValues(trial));
}

async function checkAnyOthers(trial: Trial): Promise<BrokenPromise | undefined> {
  return compareOver(trial, {
    promise: "other-records",
    what: "a record becomes another document after other records were transformed",
    fix: "keep nothing between calls: a function's memory is another one for every shard, and gone at any time",
    labels: ["before", "after"],
    again: async (image) => {
      for (const sample of trial.samples) await outcomeIn(trial, [rekey(trial, sample).image]);
      return outcomeIn(trial, [image]);
    },
  });
}

interface Comparison {
  readonly promise: PromiseName;
  readonly what: string;
  readonly fix: string;
  readonly labels: readonly [string, string];
  readonly again: (image: AttributeMap) => Promise<Outcome>;
}

async function compareOver(trial: Trial, comparison: Comparison): Promise<BrokenPromise | undefined> {
  const { promise, what, fix, labels, again } = comparison;
  for (const image of trial.samples) {
    const once = await outcomeIn(trial, [image]);
    const other = await again(image);
    if (isSame(once, other)) continue;
    const example = labelled(
      ["record", showImage(image)],
      [labels[0], showOutcome(once)],
      [labels[1], showOutcome(other)],
    );
    return { promise, what, example, fix };
  }
  return undefined;
}

/**
 * What a record was before says nothing of its document. A transform that has seen an earlier version under a key is compared
 * with itself under a key it has never seen; where documents differ by more than their key, nothing can be told.
 */
export async function checkEarlierVersion(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const before of trial.samples) {
    for (const after of trial.samples) {
      const keys = [rekey(trial, after), rekey(trial, after), rekey(trial, after)] as const;
      const [fresh, control, known] = keys;
      const [one, two] = [await outcomeIn(trial, [fresh.image]), await outcomeIn(trial, [control.image])];
      if (withoutMark(one, fresh.mark) !== withoutMark(two, control.mark)) continue;
      await outcomeIn(trial, [underKeyOf(trial, before, known.image)]);
      const seen = await outcomeIn(trial, [known.image]);
      if (withoutMark(seen, known.mark) === withoutMark(one, fresh.mark)) continue;
      return {
        promise: "earlier-version",
        what: "a record's document depends on what the record was before, which a replay does not bring back",
        example: labelled(
          ["record before", showImage(underKeyOf(trial, before, known.image))],
          ["record now", showImage(known.image)],
          ["made", showOutcome(seen)],
          ["without the first", showOutcome(one)],
        ),
        fix: "compute the document from the record alone; store in the source what must be remembered",
      };
    }
  }
  return undefined;
}

function withoutMark(outcome: Outcome, mark: string): string {
  return showWhole(outcome).replaceAll(mark, "");
}
