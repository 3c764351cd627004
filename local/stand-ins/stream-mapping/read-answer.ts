import * as z from "zod";
import type { StreamMapping } from "./declaration.ts";
import type { ShardRecord } from "./shard-record.ts";

/** What came of sending a batch. `state` is what a function with a tumbling window returned. */
export type Outcome =
  | { readonly kind: "succeeded"; readonly state: unknown }
  /** The first `settled` records are done, at least one and not all. */
  | { readonly kind: "partly"; readonly settled: number; readonly state: unknown; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string; readonly functionError: boolean }
  /** The function never ran, or nobody knows: throttled, not found, connection lost. */
  | { readonly kind: "not-invoked"; readonly reason: string };

/** An answer that says more than "done". */
const answerSchema = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Reads what a function returned for a batch.
 *
 * Empty or null answers and lists are success. An identifier that is empty, null, misnamed or not of this batch, and
 * whatever is no answer of the documented form, fail the whole batch; so does an answer without `state` where a tumbling
 * window is declared. Of several failures the lowest one counts. Not declared, failures are not looked for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html success and failure conditions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html `state`
 */
export function readAnswer(
  payload: string,
  records: readonly ShardRecord[],
  mapping: StreamMapping,
): Outcome {
  const answer = parseJson(payload);
  const state = readState(answer);
  if (mapping.tumblingWindowSeconds > 0 && state === undefined) return failed("the answer has no state");
  if (!mapping.reportBatchItemFailures || answer === null || answer === "")
    return { kind: "succeeded", state };
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return failed("the answer is no list of batch item failures");
  return toOutcome(parsed.data.batchItemFailures ?? [], records, state);
}

function toOutcome(
  failures: readonly { readonly itemIdentifier: string }[],
  records: readonly ShardRecord[],
  state: unknown,
): Outcome {
  const places = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
  );
  if (places.length === 0) return { kind: "succeeded", state };
  const settled = Math.min(...places);
  if (settled === -1) return failed("the answer names a record that is not of the batch");
  const reason = `batch item failure at ${records[settled]?.sequenceNumber}`;
  return settled === 0 ? failed(reason) : { kind: "partly", settled, state, reason };
}

function failed(reason: string): Outcome {
  return { kind: "failed", reason, functionError: false };
}

function readState(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null && "state" in answer ? answer.state : undefined;
}

function parseJson(payload: string): unknown {
  if (payload === "") return null;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
