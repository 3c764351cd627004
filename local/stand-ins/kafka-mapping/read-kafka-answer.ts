import * as z from "zod";
import type { KafkaRecord } from "./kafka-record.ts";

/** What came of sending a batch. */
export type KafkaOutcome =
  | { readonly kind: "succeeded" }
  /** `rest` is to be sent again, and is not all of it. */
  | { readonly kind: "partly"; readonly rest: readonly KafkaRecord[]; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string; readonly functionError: boolean }
  /** The function never ran, or nobody knows: throttled, not found, connection lost. */
  | { readonly kind: "not-invoked"; readonly reason: string };

/** An answer that says more than "done". */
const answerSchema = z.looseObject({
  batchItemFailures: z
    .array(
      z.looseObject({
        itemIdentifier: z.looseObject({ partition: z.string().min(1), offset: z.int().min(0) }),
      }),
    )
    .nullish(),
});

/**
 * Reads what a function returned for a batch.
 *
 * An item that failed is named by an object, `{ "partition": "<topic>-<number>", "offset": <number> }`: its partition is
 * sent again from there on, the others are done. Of several of one partition the lowest counts. Empty or null answers and
 * lists are success; an item that is not of the batch, and whatever is no answer of this form, fails the whole batch. Not
 * declared, failures are not looked for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 * @see https://docs.aws.amazon.com/powertools/python/latest/utilities/batch/ the answer's form
 */
export function readKafkaAnswer(
  payload: string,
  records: readonly KafkaRecord[],
  reportBatchItemFailures: boolean,
): KafkaOutcome {
  const answer = parseJson(payload);
  if (!reportBatchItemFailures || answer === null || answer === "") return { kind: "succeeded" };
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return failed("the answer is no list of batch item failures");
  const failures = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  if (failures.length === 0) return { kind: "succeeded" };
  const isKnown = ({ partition, offset }: Place) =>
    records.some((record) => record.partition === partition && record.offset === offset);
  if (!failures.every(isKnown)) return failed("the answer names a record that is not of the batch");
  return toOutcome(failures, records);
}

type Place = Pick<KafkaRecord, "partition" | "offset">;

function toOutcome(failures: readonly Place[], records: readonly KafkaRecord[]): KafkaOutcome {
  const isLeft = (record: KafkaRecord) =>
    failures.some(({ partition, offset }) => record.partition === partition && record.offset >= offset);
  const rest = records.filter(isLeft);
  const reason = `batch item failure at ${rest[0]?.partition} ${rest[0]?.offset}`;
  return rest.length === records.length ? failed(reason) : { kind: "partly", rest, reason };
}

function failed(reason: string): KafkaOutcome {
  return { kind: "failed", reason, functionError: false };
}

function parseJson(payload: string): unknown {
  if (payload === "") return null;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
