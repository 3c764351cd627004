import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { AttributeMap } from "../core/attribute-value.ts";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";
import type { DeadLetter } from "../core/reindex-request.ts";

/** A letter taken off its queue for a while. */
export interface TakenLetter {
  readonly letter: DeadLetter;
  readonly receiptHandle: string;
}

/** Reads a dead-letter queue, as people do: look at letters, give them back, or remove what was replayed. */
export interface LetterBox {
  /** @returns up to ten letters, hidden from others for half a minute; empty when none is left to see */
  readonly receive: (queueUrl: string) => Promise<readonly TakenLetter[]>;
  readonly giveBack: (queueUrl: string, letters: readonly TakenLetter[]) => Promise<void>;
  readonly remove: (queueUrl: string, letters: readonly TakenLetter[]) => Promise<void>;
}

const HIDDEN_SECONDS = 30;
const LETTERS_A_CALL = 10;

const letterSchema = z.object({
  table: z.string().catch(""),
  generation: z.string().catch(""),
  recordId: z.string().catch(""),
  key: z.custom<AttributeMap>((value) => typeof value === "object" && value !== null).catch({}),
  documentId: z.string().optional().catch(undefined),
  cause: z.string().catch("UNREADABLE"),
  reason: z.string().catch(""),
  position: z.string().catch(""),
  at: z.string().catch(""),
});

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export function makeSqsLetterBox(client: SQSClient): LetterBox {
  return {
    receive: async (QueueUrl) => {
      const { Messages = [] } = await client
        .send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: LETTERS_A_CALL,
            VisibilityTimeout: HIDDEN_SECONDS,
            WaitTimeSeconds: 1,
          }),
        )
        .catch((cause: unknown) => {
          throw notRead(QueueUrl, cause);
        });
      return Messages.map(toTakenLetter);
    },
    giveBack: (QueueUrl, letters) =>
      inCalls(QueueUrl, letters, (Entries) => {
        const shown = Entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: shown }));
      }),
    remove: (QueueUrl, letters) =>
      inCalls(QueueUrl, letters, (Entries) =>
        client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
      ),
  };
}

type Entry = { Id: string; ReceiptHandle: string };

/** @throws SyncError `ENGINE_FAILED` when SQS did not do it for every letter (retryable) */
async function inCalls(
  queueUrl: string,
  letters: readonly TakenLetter[],
  call: (entries: Entry[]) => Promise<{ readonly Failed?: BatchResultErrorEntry[] | undefined }>,
): Promise<void> {
  for (let start = 0; start < letters.length; start += LETTERS_A_CALL) {
    const some = letters.slice(start, start + LETTERS_A_CALL);
    const entries = some.map(({ receiptHandle }, place) => ({
      Id: String(place),
      ReceiptHandle: receiptHandle,
    }));
    const { Failed: [failed] = [] } = await call(entries).catch((cause: unknown) => {
      throw notChanged(queueUrl, cause instanceof Error ? cause.name : "no reason given", cause);
    });
    if (failed !== undefined) throw notChanged(queueUrl, failed.Code ?? "no reason given", failed);
  }
}

function readLetter(body: string) {
  return letterSchema.safeParse(parseJson(body)).data ?? letterSchema.parse({});
}

/** Something that is no letter is shown as an unreadable one rather than hidden. */
function toTakenLetter({ Body = "", ReceiptHandle = "" }: Message): TakenLetter {
  const { documentId, ...letter } = readLetter(Body);
  const named = documentId === undefined ? letter : { ...letter, documentId };
  return { letter: named, receiptHandle: ReceiptHandle };
}

function notChanged(queueUrl: string, reason: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "letters of a dead-letter queue could not be removed or given back", {
    subject: `${queueUrl}, ${reason}`,
    fix: "do it again; a letter that is replayed twice does no harm",
    retryable: true,
    cause,
  });
}

function notRead(queueUrl: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "a dead-letter queue could not be read", {
    subject: `${queueUrl}, ${cause instanceof Error ? cause.name : "no reason given"}`,
    fix: "check credentials and that the stack is deployed",
    retryable: true,
    cause,
  });
}
