import { createHash } from "node:crypto";
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { SyncError } from "../core/errors.ts";
import type { MessagePostponer } from "../core/ports/message-postponer.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import { sendMessages } from "./sqs-send.ts";

/** A generation's reindex queue: SQS FIFO, requests of one record in one group, so never two at once. */
export function makeSqsReindexQueue(client: SQSClient, queueUrl: string): ReindexQueue {
  return {
    send: (requests) =>
      sendMessages(
        client,
        queueUrl,
        requests.map((request) => ({
          MessageBody: JSON.stringify(request),
          MessageGroupId: createHash("sha256").update(request.recordId).digest("base64url"),
          MessageDeduplicationId: request.requestId,
        })),
      ),
  };
}

/**
 * Hides a received message for a while, on the queue it came from.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export function makeSqsMessagePostponer(client: SQSClient, queueUrl: string): MessagePostponer {
  return {
    postpone: async (receiptHandle, seconds) => {
      try {
        await client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
        );
      } catch (cause) {
        throw new SyncError("ENGINE_FAILED", "a message could not be postponed", {
          subject: `${queueUrl}, ${cause instanceof Error ? cause.name : "no reason given"}`,
          fix: "nothing; it comes back when its visibility ends",
          retryable: true,
          cause,
        });
      }
    },
  };
}
