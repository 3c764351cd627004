import type { SourcePosition } from "./manifest-entry.ts";

/** What the replication slot says of the connector that reads it. */
export type ConnectorState =
  /** Changes that are committed below this LSN are in Kafka. */
  | { readonly kind: "reading"; readonly confirmedLsn: bigint }
  /** Nobody reads the slot now; it keeps the changes. */
  | { readonly kind: "standing" }
  /** Changes were lost between database and Kafka. */
  | { readonly kind: "lost"; readonly cause: string };

/** One partition of a table's topic. */
export interface LogPartition {
  /** `<topic>-<partition>`, as positions name it. */
  readonly shard: string;
  /** Offset of the oldest record that Kafka still holds. */
  readonly earliest: bigint;
  /** The offset that the next record will get. */
  readonly end: bigint;
}

/** Where each partition ended at one moment, by shard. */
export type LogEnds = ReadonlyMap<string, bigint>;

export type LogVerdict =
  | { readonly kind: "passed" | "waiting" }
  | { readonly kind: "gap"; readonly cause: string };

/**
 * Whether everything that was committed before a watermark is in Kafka.
 *
 * The slot confirms an LSN only after Kafka has acknowledged what lies below, so that ends read after this are past it.
 *
 * @param isGapKnown - what was lost never comes, and is not waited for again
 */
export function judgeConnector(state: ConnectorState, watermark: bigint, isGapKnown: boolean): LogVerdict {
  if (state.kind === "lost") return isGapKnown ? { kind: "passed" } : { kind: "gap", cause: state.cause };
  const isIn = state.kind === "reading" && state.confirmedLsn >= watermark;
  return { kind: isIn ? "passed" : "waiting" };
}

/**
 * Whether a generation has dealt with everything that Kafka held at one moment.
 *
 * A partition that holds records and of which no position is known is not passed. It is a gap where Kafka forgot
 * records behind a position, lies before it, as a topic that was made anew does, or has no such partition any more.
 *
 * @param ends - the partitions' ends at that moment; a partition that was made since holds nothing older
 * @param now - the partitions as they are now
 * @param isGapKnown - goes on from the oldest record that is left
 */
export function judgePartitions(
  ends: LogEnds,
  now: readonly LogPartition[],
  positions: readonly SourcePosition[],
  isGapKnown: boolean,
): LogVerdict {
  const byShard = new Map(positions.map((position) => [position.shard, BigInt(position.sequence) + 1n]));
  const cause = isGapKnown ? undefined : findGap(byShard, now);
  if (cause !== undefined) return { kind: "gap", cause };
  const passed = now.every(({ shard, earliest, end }) => {
    const next = byShard.get(shard) ?? 0n;
    const from = next < earliest && (isGapKnown || end === earliest) ? earliest : next;
    return from >= (ends.get(shard) ?? 0n);
  });
  return { kind: passed ? "passed" : "waiting" };
}

/** @param nextByShard - the offset that each partition's reader comes to next */
function findGap(
  nextByShard: ReadonlyMap<string, bigint>,
  partitions: readonly LogPartition[],
): string | undefined {
  const byShard = new Map(partitions.map((partition) => [partition.shard, partition]));
  for (const [shard, next] of nextByShard) {
    const partition = byShard.get(shard);
    if (partition === undefined) return `partition ${shard} is gone`;
    const { earliest, end } = partition;
    if (next < earliest)
      return `${shard} no longer holds what follows offset ${next - 1n}: it begins at ${earliest}`;
    if (next > end) return `${shard} ends at ${end}, before offset ${next - 1n}: the topic was made anew`;
  }
  return undefined;
}
