import type { AttributeMap } from "../../core/attribute-value.ts";
import type { BrokenPromise } from "../options.ts";
import { rekey, underKeyOf } from "../rekey.ts";
import { isSame, labelled, showImage, showOutcome } from "../show.ts";
import { callImages, type Outcome, outcomeIn, type Trial } from "../trial.ts";
import { BATCH_SIZES, makeBatch } from "./answers.ts";

/** The order of a batch says nothing. */
export async function checkBatchOrder(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const size of BATCH_SIZES) {
    const batch = makeBatch(trial, size);
    const forwards = await callImages(trial, batch);
    const backwards = await callImages(trial, batch.toReversed());
    if (forwards.kind === "miscounted" || backwards.kind === "miscounted") return undefined;
    const reversed = backwards.outcomes.toReversed();
    for (const [place, image] of batch.entries()) {
      const [one, other] = [forwards.outcomes[place], reversed[place]];
      if (one === undefined || other === undefined || isSame(one, other)) continue;
      return {
        promise: "batch-order",
        what: `a record of a batch of ${size} becomes another document when the batch comes in another order`,
        example: exampleOf(image, [`at place ${place + 1}`, one], [`at place ${size - place}`, other]),
        fix: "look at no place and no neighbour: batches are cut anew at every replay",
      };
    }
  }
  return undefined;
}

/** Nor does how many there are, or which. */
export async function checkBatchSize(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const batch of [...BATCH_SIZES.map((size) => makeBatch(trial, size)), versionsOfOne(trial)]) {
    const together = await callImages(trial, batch);
    if (together.kind === "miscounted") return undefined;
    for (const [place, image] of batch.entries()) {
      // A slice of a large batch says as much as all of it.
      if (place > 20 && place < batch.length - 5) continue;
      const alone = await outcomeIn(trial, [image]);
      const inBatch = together.outcomes[place];
      if (inBatch === undefined || isSame(alone, inBatch)) continue;
      return {
        promise: "batch-size",
        what: `a record becomes another document in a batch of ${batch.length} than alone`,
        example: exampleOf(image, ["alone", alone], ["in the batch", inBatch]),
        fix: "compute each document from its own record; a batch may hold one record several times, and any number of records",
      };
    }
  }
  return undefined;
}

/** Several states of one record, as its changes and their old images come in one batch. */
function versionsOfOne(trial: Trial): readonly AttributeMap[] {
  const [first = {}] = trial.samples;
  const { image } = rekey(trial, first);
  return trial.samples.map((sample) => underKeyOf(trial, sample, image));
}

function exampleOf(
  image: AttributeMap,
  ...outcomes: readonly (readonly [string, Outcome])[]
): readonly string[] {
  return labelled(
    ["record", showImage(image)],
    ...outcomes.map(([label, outcome]) => [label, showOutcome(outcome)] as const),
  );
}
