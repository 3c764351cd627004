import { setTimeout as wait } from "node:timers/promises";
import { ExactNumber } from "../../../../core/exact-number.ts";
import type { InvokeFunction } from "../../stream-mapping/invoke-function.ts";
import type { CalledFunction } from "../body/processor-schema.ts";
import { type EventData, type EventValue, isEventData, type PipelineEvent, writeJson } from "../event.ts";

/** @see https://github.com/opensearch-project/data-prepper `aws-lambda/…/common/config/ClientOptions.java` */
const RETRIES = 3;
const RETRY_MILLIS = 100;

/** Lets a function change events' data. Never rejects: what fails leaves the events as they were. */
export type CallFunction = (
  options: CalledFunction,
  events: readonly PipelineEvent[],
) => Promise<readonly PipelineEvent[]>;

/**
 * Makes the `aws_lambda` processor with `response_events_match: true`: as many events come back as went, in their order,
 * and keep their metadata.
 *
 * When the function fails, or answers with another number of events, Data Prepper sends the events on as they are.
 *
 * @see https://github.com/opensearch-project/data-prepper `aws-lambda/…/processor/LambdaProcessor.java`, `StrictResponseEventHandlingStrategy.java`
 */
export function makeCallFunction(invoke: InvokeFunction): CallFunction {
  return async (options, events) => {
    const { key_name: keyName, threshold } = options.batch;
    const changed: PipelineEvent[] = [];
    for (let start = 0; start < events.length; start += threshold.event_count) {
      const batch = events.slice(start, start + threshold.event_count);
      const sent = writeJson({ [keyName]: batch.map(({ data }) => data) });
      const answer = await ask(invoke, options.function_name, sent);
      changed.push(...(answer?.length === batch.length ? mergeAnswer(batch, answer, options) : batch));
    }
    return changed;
  };
}

/** Data Prepper's client tries again where the function did not run. */
async function ask(
  invoke: InvokeFunction,
  functionName: string,
  sent: string,
): Promise<readonly EventData[] | undefined> {
  for (let tries = 1; ; tries += 1) {
    const invocation = await invoke(functionName, sent);
    if (invocation.kind === "returned") return readAnswer(invocation.payload);
    if (invocation.kind === "function-error" || tries > RETRIES) return undefined;
    await wait(RETRY_MILLIS * 2 ** tries);
  }
}

function mergeAnswer(
  batch: readonly PipelineEvent[],
  answer: readonly EventData[],
  { response_mode: mode }: CalledFunction,
): readonly PipelineEvent[] {
  return batch.map((event, place) => {
    const changed = answer[place] ?? {};
    return { ...event, data: mode === "replace" ? changed : { ...event.data, ...changed } };
  });
}

function readAnswer(payload: string): readonly EventData[] | undefined {
  try {
    const answer: EventValue = JSON.parse(payload, (_name, value, { source }) =>
      typeof value === "number" && source !== undefined ? new ExactNumber(source) : value,
    );
    return Array.isArray(answer) && answer.every(isEventData) ? answer : undefined;
  } catch {
    return undefined;
  }
}
