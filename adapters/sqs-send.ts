import { randomUUID } from "node:crypto";
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { SyncError } from "../core/errors.ts";

/** One message, still without the id SQS wants inside a batch. */
export type OutgoingMessage = Omit<SendMessageBatchRequestEntry, "Id">;

/** SQS takes ten messages a call, and 256 KiB of all their bodies together. */
const MESSAGES_A_CALL = 10;
const BYTES_A_CALL = 250_000;

/**
 * Sends messages in as few calls as SQS allows.
 *
 * @throws SyncError `ENGINE_FAILED` when any was refused (retryable)
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  for (const entries of toCalls(messages)) {
    const { Failed = [] } = await send(client, queueUrl, entries);
    if (Failed.length > 0) throw refused(queueUrl, `${Failed.length} messages, ${Failed[0]?.Code ?? ""}`);
  }
}

async function send(client: SQSClient, QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) {
  try {
    return await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  } catch (cause) {
    throw refused(QueueUrl, cause instanceof Error ? cause.name : "no reason given", cause);
  }
}

function toCalls(messages: readonly OutgoingMessage[]): SendMessageBatchRequestEntry[][] {
  const calls: SendMessageBatchRequestEntry[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const cost = Buffer.byteLength(message.MessageBody ?? "");
    const open = calls.at(-1);
    const entry = { Id: randomUUID(), ...message };
    if (open === undefined || open.length === MESSAGES_A_CALL || bytes + cost > BYTES_A_CALL) {
      calls.push([entry]);
      bytes = cost;
    } else {
      open.push(entry);
      bytes += cost;
    }
  }
  return calls;
}

function refused(queueUrl: string, why: string, cause?: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "a queue did not take messages", {
    subject: `${queueUrl}, ${why}`,
    fix: "wait until SQS takes them; what was not sent is sent again",
    retryable: true,
    cause,
  });
}
