import type { SourcePosition } from "./manifest-entry.ts";

/** What a look at one shard of the stream, from where the consumer stands, found. */
export type ShardLook =
  /** Nothing to be read from there. `at`: when the look was made, epoch milliseconds. */
  | { readonly kind: "empty"; readonly at: number }
  /** The next record, created at `time`, epoch milliseconds. */
  | { readonly kind: "record"; readonly time: number }
  /** The stream no longer holds what follows the position. */
  | { readonly kind: "trimmed" }
  /** The stream did not say; which is not passed. */
  | { readonly kind: "unknown" };

/** A shard, how far its consumer came, and what lies behind that. */
export interface ShardProgress {
  readonly shard: string;
  readonly position: SourcePosition | undefined;
  readonly look: ShardLook;
}

/** How long after an instant a stream must stay empty to hold nothing older: records arrive late. */
const SETTLED_AFTER_MILLIS = 60_000;
/** Stream times are whole seconds, cut off. */
const SECOND_MILLIS = 1_000;

/**
 * Whether the consumer has dealt with every change made up to an instant, on every shard.
 *
 * A shard has passed when its stored position lies past the instant, or when a look made at least
 * {@link SETTLED_AFTER_MILLIS} after it finds no record of that time or before.
 *
 * @returns `gap` when a shard's next records are gone from the stream
 */
export function judgeHorizon(
  shards: readonly ShardProgress[],
  instant: number,
): { readonly kind: "passed" | "waiting" } | { readonly kind: "gap"; readonly shards: readonly string[] } {
  const trimmed = shards.filter(({ look }) => look.kind === "trimmed").map(({ shard }) => shard);
  if (trimmed.length > 0) return { kind: "gap", shards: trimmed };
  return { kind: shards.every((shard) => hasPassed(shard, instant)) ? "passed" : "waiting" };
}

function hasPassed({ position, look }: ShardProgress, instant: number): boolean {
  if (position !== undefined && position.time >= instant + SECOND_MILLIS) return true;
  if (look.kind === "empty") return look.at >= instant + SETTLED_AFTER_MILLIS;
  return look.kind === "record" && look.time >= instant + SECOND_MILLIS;
}

/** What is known of how far a managed pipeline came; it tells no positions of its own. */
export interface PipelineProgress {
  /** The newest change it has sent, epoch milliseconds; undefined when none was seen. */
  readonly newest: number | undefined;
  /** Since when nothing has come out of it, epoch milliseconds. */
  readonly quietSince: number;
  readonly now: number;
  /** How long it gathers what it sends before it tells the manifest. */
  readonly collectMillis: number;
}

/** What a pipeline needs beside gathering: a read of the stream, a flush, a put. */
const PIPELINE_MARGIN_MILLIS = 10_000;

/** How long after a change it may take until a pipeline that keeps up has told of it. */
export function pipelinePatienceMillis(collectMillis: number): number {
  return 2 * collectMillis + PIPELINE_MARGIN_MILLIS;
}

/** A pipeline that is silent for longer than this while the stream holds more is not behind: it has lost that. */
const LONGEST_SILENCE_MILLIS = 15 * 60_000;

/**
 * Whether a managed pipeline has sent every change made up to an instant, and told the manifest.
 *
 * It has when a later change has come out of it, or when nothing has for {@link pipelinePatienceMillis}. Where the stream
 * holds a change that it should have sent by then, `unsent` is asked for: it is behind then, for a quarter of an hour of
 * silence. Judged by the newest change of all shards: one shard that is behind the others is not seen.
 *
 * @param unsent - the oldest change newer than all it has sent, epoch milliseconds
 */
export function judgePipelineHorizon(
  progress: PipelineProgress,
  instant: number,
  unsent?: number,
): "passed" | "silent" | "waiting" {
  const { newest, quietSince, now, collectMillis } = progress;
  const patience = pipelinePatienceMillis(collectMillis);
  if (now < instant + patience) return "waiting";
  if (newest !== undefined && newest >= instant + SECOND_MILLIS) return "passed";
  const silence = now - quietSince;
  if (silence < patience) return "waiting";
  const isBehind = unsent !== undefined && unsent <= instant && silence < LONGEST_SILENCE_MILLIS;
  return isBehind ? "waiting" : "silent";
}
