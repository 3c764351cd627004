import transform from "trueup:transform";
import type { StreamRecord } from "../core/decode-stream-record.ts";
import { makeConsumeStream, type StreamAnswer } from "./consume-stream.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";

const { deps } = makeConsumerDeps(transform, process.env);
const consumeStream = makeConsumeStream(deps);

/**
 * Lambda's entry for a DynamoDB stream event source mapping.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-example.html the event, which names no shard
 */
export async function handler(
  event: { readonly Records: readonly StreamRecord[]; readonly shardId?: string },
  context: { getRemainingTimeInMillis(): number },
): Promise<StreamAnswer> {
  const deadline = deps.now() + context.getRemainingTimeInMillis();
  return consumeStream({ records: event.Records, shard: event.shardId ?? "", deadline });
}
