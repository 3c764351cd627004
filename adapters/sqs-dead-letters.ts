import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DeadLetters } from "../core/ports/dead-letters.ts";
import { sendMessages } from "./sqs-send.ts";

/** A generation's dead-letter queue: standard SQS, a letter a message, its body the letter as JSON. */
export function makeSqsDeadLetters(client: SQSClient, queueUrl: string): DeadLetters {
  return {
    send: (letters) =>
      sendMessages(
        client,
        queueUrl,
        letters.map((letter) => ({ MessageBody: JSON.stringify(letter) })),
      ),
  };
}
