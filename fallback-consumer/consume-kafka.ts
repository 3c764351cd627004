import { type KafkaRecord, shardOf } from "../core/kafka-record.ts";
import { makeConsumePartition } from "./consume-partition.ts";
import type { KafkaDeps } from "./kafka-deps.ts";

/**
 * What Lambda is told: where each partition must begin again. Partitions that are not named are done.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html partial batch response
 */
export interface KafkaAnswer {
  readonly batchItemFailures: {
    readonly itemIdentifier: {
      /** `topic-partition`, as the event names it. */
      readonly partition: string;
      readonly offset: number;
    };
  }[];
}

/**
 * Makes the Kafka consumer of a generation. Partitions are independent: one that fails does not hold up another.
 *
 * It throws when nothing of any partition may be acknowledged, see `makeConsumeBatch`.
 */
export function makeConsumeKafka(deps: KafkaDeps) {
  const consumePartition = makeConsumePartition(deps);
  return async (records: readonly KafkaRecord[], deadline: number): Promise<KafkaAnswer> => {
    const partitions = [...groupByPartition(records)];
    const settled = await Promise.allSettled(
      partitions.map(async ([_shard, batch]) => consumePartition(batch, deadline)),
    );
    const [failed] = settled.filter((one) => one.status === "rejected");
    if (failed !== undefined && settled.every(({ status }) => status === "rejected")) throw failed.reason;
    const batchItemFailures = partitions.flatMap(([partition, batch], place) => {
      const one = settled[place];
      const next = batch[one?.status === "fulfilled" ? one.value : 0];
      return next === undefined ? [] : [{ itemIdentifier: { partition, offset: next.offset } }];
    });
    return { batchItemFailures };
  };
}

function groupByPartition(records: readonly KafkaRecord[]): ReadonlyMap<string, readonly KafkaRecord[]> {
  const partitions = new Map<string, KafkaRecord[]>();
  for (const record of records) {
    const batch = partitions.get(shardOf(record)) ?? [];
    partitions.set(shardOf(record), batch);
    batch.push(record);
  }
  return partitions;
}
