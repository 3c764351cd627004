import type { KafkaMapping } from "./declaration.ts";
import type { KafkaDiscard } from "./next-poll-step.ts";

/**
 * What an on-failure destination is told: where the records lie, never the records.
 *
 * @param now - epoch milliseconds
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html the example invocation record
 */
export function toKafkaFailure(
  { batch, records, condition }: KafkaDiscard,
  mapping: KafkaMapping,
  requestId: string,
  now: number,
) {
  const { functionName, clusterArn, bootstrapServers } = mapping;
  const sent = {
    statusCode: 200,
    executedVersion: "$LATEST",
    ...(batch.functionError ? { functionError: "Unhandled" } : {}),
  };
  return {
    requestContext: {
      requestId,
      functionArn: functionName,
      condition,
      approximateInvokeCount: batch.failures,
    },
    ...(batch.failures === 0 ? {} : { responseContext: sent }),
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    KafkaBatchInfo: {
      batchSize: records.length,
      ...(clusterArn === undefined ? {} : { eventSourceArn: clusterArn }),
      bootstrapServers: bootstrapServers.join(","),
      payloadSize: records.reduce((sum, { jsonBytes }) => sum + jsonBytes, 0),
      recordInfo: { offset: String(records[0]?.offset), timestamp: String(records[0]?.timestamp) },
    },
  };
}
