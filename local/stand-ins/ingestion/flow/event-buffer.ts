import type { PipelineEvent } from "../event.ts";

/** Events between a source and what works on them. */
export interface EventBuffer {
  /** @returns when they have room; not at all sooner, and then unheard, when the buffer is shut */
  push(events: readonly PipelineEvent[]): Promise<void>;
  /** @returns up to `most` events, or what came within a time, possibly none */
  take(most: number, withinMillis: number): Promise<readonly PipelineEvent[]>;
  isEmpty(): boolean;
  /** Wakes everybody who waits; nothing more is taken in. */
  shut(): void;
}

/** @see https://github.com/opensearch-project/data-prepper `blocking-buffer/…/BlockingBuffer.java` DEFAULT_BUFFER_CAPACITY */
const CAPACITY = 12_800;

/** Makes a buffer that holds its writers up while it is full, as Data Prepper's `bounded_blocking` does. */
export function makeEventBuffer(capacity = CAPACITY): EventBuffer {
  const waiting: PipelineEvent[] = [];
  let open = true;
  let wake = Promise.withResolvers<void>();
  const change = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  return {
    push: async (events) => {
      let left = events;
      while (open && left.length > 0) {
        const room = capacity - waiting.length;
        if (room <= 0) {
          await wake.promise;
          continue;
        }
        waiting.push(...left.slice(0, room));
        left = left.slice(room);
        change();
      }
    },
    take: async (most, withinMillis) => {
      const until = Date.now() + withinMillis;
      while (open && waiting.length < most && Date.now() < until)
        await first(wake.promise, until - Date.now());
      const taken = waiting.splice(0, most);
      if (taken.length > 0) change();
      return taken;
    },
    isEmpty: () => waiting.length === 0,
    shut: () => {
      open = false;
      change();
    },
  };
}

async function first(change: Promise<void>, withinMillis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMillis);
  });
  await Promise.race([change, late]);
  clearTimeout(timer);
}
