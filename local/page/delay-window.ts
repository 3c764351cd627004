import { open } from "node:fs/promises";
import type { Clock } from "../../core/ports/clock.ts";

/** How long changes took from their commit to the index's acknowledgement, over the last minute. */
export interface DelayNow {
  readonly p50Millis: number;
  readonly p99Millis: number;
  readonly documentsPerSecond: number;
}

interface Sample {
  readonly at: number;
  readonly generation: string;
  readonly applied: number;
  readonly delays: readonly number[];
}

const WINDOW_MILLIS = 60_000;
/** What was written before the page opened is looked at no further back than this. */
const FIRST_LOOK_BYTES = 4 * 1024 * 1024;
/** Functions write their metrics as such lines, wherever they run. */
const METRICS_LINE = '{"_aws"';

/**
 * Follows the functions' metrics in the emulator's output, as CloudWatch does in their logs.
 *
 * @param file - where the emulator writes what functions print; it may not be there yet
 */
export function makeDelayWindow(file: string, now: Clock) {
  let samples: readonly Sample[] = [];
  let offset: number | undefined;
  let rest = "";
  return {
    /** @returns by generation; a generation that wrote nothing for a minute is not in it */
    read: async (): Promise<ReadonlyMap<string, DelayNow>> => {
      const added = await readFrom(file, offset);
      offset = added.end;
      const lines = `${rest}${added.text}`.split("\n");
      rest = lines.pop() ?? "";
      const since = now() - WINDOW_MILLIS;
      samples = [...samples, ...lines.flatMap(toSample)].filter(({ at }) => at >= since);
      const byGeneration = Map.groupBy(samples, ({ generation }) => generation);
      return new Map([...byGeneration].map(([generation, some]) => [generation, summarise(some)]));
    },
  };
}

async function readFrom(file: string, known: number | undefined): Promise<{ text: string; end: number }> {
  const opened = await open(file).catch(() => undefined);
  if (opened === undefined) return { text: "", end: known ?? 0 };
  try {
    const { size } = await opened.stat();
    const from = known === undefined || known > size ? Math.max(0, size - FIRST_LOOK_BYTES) : known;
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(size - from), 0, size - from, from);
    return { text: buffer.toString("utf8", 0, bytesRead), end: from + bytesRead };
  } finally {
    await opened.close();
  }
}

function toSample(line: string): readonly Sample[] {
  if (!line.startsWith(METRICS_LINE)) return [];
  try {
    const { _aws, generation, DocumentsApplied, DelayMillis } = JSON.parse(line);
    const [applied = 0] = toNumbers(DocumentsApplied);
    const at = Number(_aws.Timestamp);
    return [{ at, generation: String(generation), applied, delays: toNumbers(DelayMillis) }];
  } catch {
    return []; // a line that two functions wrote into
  }
}

function toNumbers(value: unknown): readonly number[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === "number");
}

function summarise(samples: readonly Sample[]): DelayNow {
  const delays = samples.flatMap((sample) => sample.delays).sort((left, right) => left - right);
  const at = (share: number): number => delays[Math.ceil(share * delays.length) - 1] ?? 0;
  const applied = samples.reduce((sum, sample) => sum + sample.applied, 0);
  return { p50Millis: at(0.5), p99Millis: at(0.99), documentsPerSecond: applied / (WINDOW_MILLIS / 1000) };
}
