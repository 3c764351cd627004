import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import { SyncError } from "../core/errors.ts";
import type { DeadLetterCounter } from "../core/ports/dead-letter-counter.ts";

const COUNTED: readonly QueueAttributeName[] = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
];

/** Counts dead letters by a queue's approximate attributes; reads no message, so hides none. */
export function makeSqsQueueDepth(client: SQSClient): DeadLetterCounter {
  return {
    count: async (queueUrl) => {
      try {
        const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTED] });
        const { Attributes = {} } = await client.send(command);
        return COUNTED.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
      } catch (cause) {
        throw new SyncError("ENGINE_FAILED", "a dead-letter queue cannot be counted", {
          subject: queueUrl,
          fix: "check that the queue exists and that this function may read its attributes",
          retryable: true,
          cause,
        });
      }
    },
  };
}
