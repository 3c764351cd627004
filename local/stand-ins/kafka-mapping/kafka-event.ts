import type { KafkaMapping } from "./declaration.ts";
import type { KafkaRecord } from "./kafka-record.ts";

/**
 * Makes the event a function is invoked with, as JSON: records by partition, each partition's in order.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html the example events
 */
export function toKafkaEvent(
  records: readonly KafkaRecord[],
  { clusterArn, bootstrapServers }: Pick<KafkaMapping, "clusterArn" | "bootstrapServers">,
): string {
  const source =
    clusterArn === undefined
      ? { eventSource: "SelfManagedKafka" }
      : { eventSource: "aws:kafka", eventSourceArn: clusterArn };
  const head = JSON.stringify({ ...source, bootstrapServers: bootstrapServers.join(",") });
  const partitions = [...Map.groupBy(records, ({ partition }) => partition)].map(
    ([partition, itsRecords]) =>
      `${JSON.stringify(partition)}:[${itsRecords.map(({ json }) => json).join(",")}]`,
  );
  return `${head.slice(0, -1)},"records":{${partitions.join(",")}}}`;
}
