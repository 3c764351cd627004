import { linesOf } from "../../core/bucketed-object.ts";
import { SyncError } from "../../core/errors.ts";
import type { SourcePosition } from "../../core/manifest-entry.ts";
import { mapLimited } from "../../core/map-limited.ts";
import { isStreamed, readSentLine, type SentLine, toSentEntry } from "../../core/read-sent-line.ts";
import { PIPELINE_SHARD } from "../../core/sent-until.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { GenerationDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";

/** What a look at a pipeline's manifest sink brought. */
export interface Ingested {
  /** Whether every object that was there is in the manifest now. */
  readonly done: boolean;
  readonly objects: number;
  /** The oldest change among what was there, epoch milliseconds; Infinity when there was none. */
  readonly oldest: number;
}

type IngestDeps = Pick<AuditDeps, "store" | "appender" | "onSkipped">;

const OBJECTS_A_PASS = 32;
const READS_AT_ONCE = 4;

/**
 * Brings what a managed pipeline has sent into the manifest: each object of its s3 sink becomes a segment, and is
 * removed once that is durable. A crash in between makes the same segment again, which the fold does not notice.
 *
 * @param mayGoOn - asked between passes; false ends it early
 */
export async function ingestSent(
  deps: IngestDeps,
  generation: GenerationDescriptor,
  mayGoOn: () => boolean,
): Promise<Ingested> {
  const prefix = stateLayout.sent(generation.generation, generation.indexUuid);
  let [objects, oldest] = [0, Number.POSITIVE_INFINITY];
  do {
    const listed = await deps.store.list(prefix, OBJECTS_A_PASS);
    const times = await mapLimited(listed, READS_AT_ONCE, ({ key }) => ingestObject(deps, generation, key));
    objects += listed.length;
    oldest = Math.min(oldest, ...times);
    if (listed.length < OBJECTS_A_PASS) return { done: true, objects, oldest };
  } while (mayGoOn());
  return { done: false, objects, oldest };
}

/** @returns the oldest change in it, epoch milliseconds */
async function ingestObject(
  deps: IngestDeps,
  generation: GenerationDescriptor,
  key: string,
): Promise<number> {
  const text = await deps.store.readText(key);
  if (text === undefined) return Number.POSITIVE_INFINITY; // somebody else has just ingested it
  const lines = readLines(deps, text, key);
  const { transformHash, indexUuid } = generation;
  await deps.appender.append({
    generation: generation.generation,
    indexUuid,
    transformHash,
    origin: "stream",
    positions: toPositions(lines),
    entries: lines.map((line) => toSentEntry(line, transformHash)),
  });
  await deps.store.remove([key]);
  return lines.reduce((oldest, { time }) => Math.min(oldest, time), Number.POSITIVE_INFINITY);
}

/** A line without our members cannot be told from any other; its record shows as drift. */
function readLines({ onSkipped }: IngestDeps, text: string, key: string): readonly SentLine[] {
  return linesOf(text).flatMap((line) => {
    try {
      return [readSentLine(line)];
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      onSkipped(`a line of ${key} was left out`, cause);
      return [];
    }
  });
}

/** How far the pipeline is: the newest change among the lines. */
function toPositions(lines: readonly SentLine[]): readonly SourcePosition[] {
  const newest = lines
    .filter(isStreamed)
    .reduce<SentLine | undefined>(
      (best, line) => (best === undefined || line.version > best.version ? line : best),
      undefined,
    );
  if (newest === undefined) return [];
  return [{ shard: PIPELINE_SHARD, sequence: String(newest.version), time: newest.time }];
}
