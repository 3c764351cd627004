import type { BrokenPromise } from "../options.ts";
import { rekey } from "../rekey.ts";
import { labelled, showImage } from "../show.ts";
import { callImages, outcomeIn, type Trial } from "../trial.ts";

/** Batches tried; the consumer's own are up to 1,000 records, and with their old images twice that. */
export const BATCH_SIZES = [1, 2, 3, 11, 26, 101, 1001] as const;

/** A batch of copies of the samples under keys of their own. */
export function makeBatch(trial: Trial, size: number) {
  const { samples } = trial;
  return Array.from(
    { length: size },
    (_, place) => rekey(trial, samples[place % samples.length] ?? {}).image,
  );
}

/** Every sample record has a document, or none, but no exception. */
export async function checkNoThrow(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const image of trial.samples) {
    const outcome = await outcomeIn(trial, [image]);
    if (outcome.kind !== "threw") continue;
    return {
      promise: "no-throw",
      what: "it throws for a sample record, which would be retried for 15 minutes and then dead-lettered",
      example: labelled(["record", showImage(image)], ["threw", outcome.reason]),
      fix: "handle what this record holds, or return null for records that are not to be searched",
    };
  }
  return undefined;
}

/** One result a record, whatever the batch. */
export async function checkResultCount(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const size of BATCH_SIZES) {
    const batch = makeBatch(trial, size);
    const result = await callImages(trial, batch);
    if (result.kind !== "miscounted") continue;
    return {
      promise: "result-count",
      what: `it ${result.what} for ${size} records, so that nobody can tell whose they are`,
      example: batch.slice(0, 3).flatMap((image) => labelled(["record", showImage(image)])),
      fix: "return one result for each record, in order: null where there is no document",
    };
  }
  return undefined;
}
