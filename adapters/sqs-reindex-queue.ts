import { createHash } from "node:crypto";
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { SyncError } from "../core/errors.ts";
import type { MessagePostponer } from "../core/ports/message-postponer.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import type { ReindexRequest } from "../core/reindex-request.ts";
import { type OutgoingMessage, sendMessages } from "./sqs-send.ts";

/** About 30 KB, which a function reads again in one go. */
const REQUESTS_A_MESSAGE = 100;

/**
 * A generation's reindex queue. Where it is FIFO, requests of one record are in one group, so never two at once; where
 * it is not, they need not be.
 */
export function makeSqsReindexQueue(client: SQSClient, queueUrl: string): ReindexQueue {
  const isFifo = queueUrl.endsWith(".fifo");
  return {
    send: (requests, packing) => {
      const messages = packing?.together === true ? inLists(requests) : requests.map(alone);
      return sendMessages(client, queueUrl, isFifo ? messages : messages.map(withoutOrder));
    },
  };
}

function withoutOrder({ MessageBody }: OutgoingMessage): OutgoingMessage {
  return { MessageBody };
}

function alone(request: ReindexRequest): OutgoingMessage {
  return toMessage(request, request.requestId, request.recordId);
}

function inLists(requests: readonly ReindexRequest[]): readonly OutgoingMessage[] {
  return inParts(requests).map((part) => {
    const requestId = part[0]?.requestId ?? "";
    return toMessage(part, requestId, requestId);
  });
}

function inParts(requests: readonly ReindexRequest[]): readonly (readonly ReindexRequest[])[] {
  const parts: (readonly ReindexRequest[])[] = [];
  for (let start = 0; start < requests.length; start += REQUESTS_A_MESSAGE) {
    parts.push(requests.slice(start, start + REQUESTS_A_MESSAGE));
  }
  return parts;
}

function toMessage(body: object, requestId: string, group: string): OutgoingMessage {
  return {
    MessageBody: JSON.stringify(body),
    MessageGroupId: createHash("sha256").update(group).digest("base64url"),
    MessageDeduplicationId: requestId,
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
