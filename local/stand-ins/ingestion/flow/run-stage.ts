import type { PipelineEvent } from "../event.ts";
import type { Processor } from "./apply-processor.ts";
import type { EventBuffer } from "./event-buffer.ts";

/** Where events end, or go on. */
export interface Sink {
  /**
   * Called again and again, also without events, for time is part of when a sink writes. It may take as long as it
   * needs; the other sinks of the sub-pipeline wait for it. Releases every event's receipt once, some time.
   */
  output(events: readonly PipelineEvent[]): Promise<void>;
  /** No event comes any more. */
  close(): Promise<void>;
}

/** A sub-pipeline: events go from its buffer through its processors into all its sinks. */
export interface Stage {
  readonly buffer: EventBuffer;
  readonly processors: readonly Processor[];
  readonly sinks: readonly Sink[];
}

/** @see https://github.com/opensearch-project/data-prepper `blocking-buffer/…/BlockingBuffer.java` DEFAULT_BATCH_SIZE */
const BATCH_EVENTS = 200;
/** How long a batch is waited for. Data Prepper's own default is 3 s, which would only make every test wait. */
const BATCH_MILLIS = 200;

/**
 * Works a sub-pipeline off, one batch after the other, until it is stopped and its buffer empty.
 *
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-core/…/pipeline/ProcessWorker.java`
 */
export async function runStage(
  { buffer, processors, sinks }: Stage,
  isStopping: () => boolean,
): Promise<void> {
  while (!isStopping() || !buffer.isEmpty()) {
    let events = await buffer.take(BATCH_EVENTS, BATCH_MILLIS);
    for (const process of processors) events = await process(events);
    for (const { receipt } of events) receipt.hold(sinks.length - 1);
    const routed = events;
    await Promise.all(sinks.map((sink) => sink.output(routed)));
  }
  await Promise.all(sinks.map((sink) => sink.close()));
}
