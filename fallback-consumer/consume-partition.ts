import { collect } from "../core/collect.ts";
import { type KafkaRecord, shardOf } from "../core/kafka-record.ts";
import { findGapBefore, findGapInside, type OffsetGap, type ReadOffset } from "../core/offset-gap.ts";
import type { ReindexRequest } from "../core/reindex-request.ts";
import { makeConsumeBatch } from "./consume-batch.ts";
import { decodePartition, type PartitionRecord } from "./decode-partition.ts";
import type { KafkaDeps } from "./kafka-deps.ts";

/**
 * Makes the consumer of one partition's records; what it promises is {@link makeConsumeBatch}'s.
 *
 * Besides, before anything is acknowledged: records whose events do not tell all of them are on the reindex queue, a
 * truncate's tombstones are written, and a gap in the offsets is noted.
 *
 * The consumer returns how many of the records, from the first on, are done.
 */
export function makeConsumePartition(deps: KafkaDeps) {
  const consumeBatch = makeConsumeBatch(deps);
  /** Where this process read each partition up to; others may have gone on. */
  const known = new Map<string, ReadOffset>();
  return async (records: readonly KafkaRecord[], deadline: number): Promise<number> => {
    const [first] = records;
    if (first === undefined) return 0;
    const shard = shardOf(first);
    const decoded = await decodePartition(deps, records);
    // Looked for while the batch is written; noted before any of it is acknowledged.
    const gap = findGap(deps, known, shard, records, decoded);
    gap.catch(() => undefined);
    let done = 0;
    for (const run of splitAtTruncations(decoded)) {
      const [{ truncation } = {}] = run;
      if (truncation !== undefined && !(await deps.truncations.carryOut(truncation, deadline))) break;
      const settle = async (count: number): Promise<void> => {
        await noteGap(deps, shard, await gap);
        await askAgain(deps, run.slice(0, count));
      };
      const count = await consumeBatch({ records: run, shard, deadline, settle });
      done += count;
      if (count < run.length) break;
    }
    const last = decoded[done - 1]?.place;
    if (last !== undefined) known.set(shard, { offset: Number(last.sequence), time: last.time });
    return done;
  };
}

/** A batch in parts, each of which begins with a truncate but maybe the first. */
function splitAtTruncations(decoded: readonly PartitionRecord[]): readonly (readonly PartitionRecord[])[] {
  const starts = decoded.flatMap(({ truncation }, place) =>
    truncation !== undefined || place === 0 ? [place] : [],
  );
  return starts.map((start, index) => decoded.slice(start, starts[index + 1]));
}

async function findGap(
  { offsets }: KafkaDeps,
  known: ReadonlyMap<string, ReadOffset>,
  shard: string,
  records: readonly KafkaRecord[],
  decoded: readonly PartitionRecord[],
): Promise<OffsetGap | undefined> {
  const inside = findGapInside(records.map(({ offset }) => offset));
  if (inside !== undefined) return inside;
  const first = { offset: records[0]?.offset ?? 0, time: decoded[0]?.place?.time ?? 0 };
  const own = known.get(shard);
  if (own !== undefined && findGapBefore(first, own) === undefined) return undefined;
  return findGapBefore(first, await offsets.last(shard));
}

async function noteGap({ gaps }: KafkaDeps, shard: string, gap: OffsetGap | undefined): Promise<void> {
  if (gap === undefined) return;
  await gaps.record(`offset ${gap.found} came where ${gap.expected} was due, in partition ${shard}`);
}

/** One request a record, however often it changed. */
async function askAgain({ queue }: KafkaDeps, run: readonly PartitionRecord[]): Promise<void> {
  const requests = collect(run, ({ reread }) => reread);
  const distinct = new Map(requests.map((request): [string, ReindexRequest] => [request.recordId, request]));
  if (distinct.size > 0) await queue.send([...distinct.values()], { together: true });
}
