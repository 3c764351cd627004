import transform from "trueup:transform";
import type { StreamRecord } from "../core/decode-stream-record.ts";
import { makeConsumeStream, type StreamAnswer } from "./consume-stream.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";

const { deps } = makeConsumerDeps(transform, process.env);
const consumeStream = makeConsumeStream(deps);

/** What Lambda sends when the mapping declares a tumbling window; the window is declared for `shardId` alone. */
interface WindowEvent {
  /** Empty in the last invocation of a window. */
  readonly Records: readonly StreamRecord[];
  readonly shardId?: string;
}

/** Lambda counts an answer without `state` as a failure where a window is declared; ours carries nothing over. */
interface WindowAnswer extends StreamAnswer {
  readonly state: Readonly<Record<string, never>>;
}

/**
 * Lambda's entry for a DynamoDB stream event source mapping with a tumbling window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html the event and the answer
 */
export async function handler(
  event: WindowEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<WindowAnswer> {
  const deadline = deps.now() + context.getRemainingTimeInMillis();
  const answer = await consumeStream({ records: event.Records, shard: event.shardId ?? "", deadline });
  return { ...answer, state: {} };
}
